#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/node.h"
#include "stages/record_path.h"

namespace sz {

/// A text with places that a record fills: `{.path}` is such a place, `{{` is a brace, any other brace is
/// itself.
class Template {
 public:
  struct Fault {
    std::string message;  ///< one phrase
    std::size_t offset = 0, length = 0;
  };
  static std::expected<Template, Fault> parse(std::string_view text);
  /// `text` as it is.
  static Template verbatim(std::string_view text);

  struct Piece {
    std::string before;  ///< literal text in front of the place
    RecordPath path;
  };
  const std::vector<Piece>& pieces() const { return pieces_; }
  /// Is there nothing to fill? Then literal() is all of it, else what stands behind the last place.
  bool plain() const { return pieces_.empty(); }
  const std::string& literal() const { return tail_; }

  /// How an argument of a command is filled.
  struct Rules {
    bool allow_dash = false;                       ///< a value may make the argument begin with `-`
    std::size_t longest = std::size_t{128} << 10;  ///< bytes of one value
  };
  /// The text with all places filled: strings and numbers as they are, without quotes, true and false by
  /// name. What cannot stand in an argument is an error, one phrase: null, missing, an array or object, a NUL
  /// byte, too long, or a `-` where an option could begin.
  std::expected<std::string, std::string> fill(const json::Node& record, const Rules& rules) const;

 private:
  std::vector<Piece> pieces_;
  std::string tail_;
};

}  // namespace sz
