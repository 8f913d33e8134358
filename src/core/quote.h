#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sz {

/// Foreign text for a terminal: control characters, C1, bidirectional controls, invisible format characters
/// and invalid UTF-8 come out as
/// `\n`, `\xHH` or `\u{HHHH}`; the rest as it is. Longer than `most` bytes: cut at a character with `...`
/// behind.
std::string quote(std::string_view foreign, std::size_t most = 200);

/// JSON text for a terminal: what quote() would escape, as far as it can stand in JSON, as `\uHHHH`, so the
/// values stay what they are.
std::string quote_json(std::string_view json);

}  // namespace sz
