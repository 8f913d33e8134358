#pragma once

namespace sz::run {

/// In a catch clause: one line on stderr about the exception that is being handled, which no part of sz could
/// answer for: no memory, no thread, no descriptor. Needs no memory where there is none.
void say_last_words() noexcept;

}  // namespace sz::run
