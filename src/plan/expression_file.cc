#include "plan/expression_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "core/quote.h"

namespace sz::plan {

std::expected<std::string, std::string> read_expression_file(const std::string& path) {
  constexpr std::size_t most = std::size_t{16} << 20;
  const auto fault = [&](std::string_view why) {
    return std::unexpected(fmt::format("cannot read \"{}\": {}", quote(path), why));
  };
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return fault(std::strerror(errno == 0 ? EIO : errno));
  std::string text;
  char piece[4096];
  do {
    in.read(piece, sizeof piece);
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > most) return fault("an expression of more than 16 MiB");
  } while (in);
  if (!in.eof()) return fault(std::strerror(errno == 0 ? EIO : errno));
  return text;
}

}  // namespace sz::plan
