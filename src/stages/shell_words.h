#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace sz {

/// One word of a command, its quotes and escapes taken away.
struct ShellWord {
  std::string text;
  std::size_t offset = 0, length = 0;  ///< where it stood
};

/// What cannot be a word without a shell.
struct ShellWordFault {
  std::string message, hint;
  std::size_t offset = 0, length = 0;
};

/// Splits a command at blanks as a POSIX shell does (XCU 2.2, quoting): '...' keeps all, in "..." a backslash
/// escapes $ ` " \ and a line end, elsewhere any character. Nothing is expanded. A shell's operator that
/// stands alone and unquoted (`|`, `>`, `&&`) is refused, for it would be passed on as a word.
std::expected<std::vector<ShellWord>, ShellWordFault> split_shell_words(std::string_view text);

}  // namespace sz
