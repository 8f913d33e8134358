#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/line_parser.h"
#include "json/node.h"
#include "json/write.h"

namespace sz::json {

/// Lines as LineParser wants them: exactly as many bytes as it may read, so that a sanitizer sees one more.
/// `filler` is what the 64 bytes after the text hold.
class Block {
 public:
  explicit Block(std::string_view lines, char filler = ']')
      : size_(lines.size()), bytes_(new char[size_ + 64]) {
    lines.copy(bytes_.get(), size_);
    std::fill_n(bytes_.get() + size_, 64, filler);
  }
  void open(LineParser& parser) const { parser.open(bytes_.get(), size_); }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

/// One letter for what a line is: `v` value, `b` blank, `f` fault.
inline char verdict(const ParsedLine& line) { return line.value.valid() ? 'v' : line.fault ? 'f' : 'b'; }

/// Calls visit(line) for each line of a block.
template <class Visit>
void each_line(LineParser& parser, const Block& block, Visit visit) {
  block.open(parser);
  ParsedLine line;
  while (parser.next(line)) visit(line);
}

/// All of a value by way of every accessor, decoded: equal texts mean equal values as written, white space
/// apart.
inline void describe(std::string& out, const Node& node) {
  std::string scratch;
  switch (node.kind()) {
    case Kind::null:
      out += 'n';
      break;
    case Kind::boolean:
      out += node.boolean() ? 't' : 'f';
      break;
    case Kind::number:
      out += node.raw();
      break;
    case Kind::string:
      append_string(out, node.string(scratch));
      break;
    case Kind::array:
      out += '[';
      for (const Node element : node.elements()) {
        describe(out, element);
        out += ',';
      }
      out += ']';
      break;
    case Kind::object:
      out += '{';
      for (const auto& [key, value] : node.members()) {
        describe(out, key);
        out += ':';
        describe(out, value);
        out += ',';
      }
      out += '}';
      break;
  }
}
inline std::string describe(const Node& node) {
  std::string out;
  describe(out, node);
  return out;
}

}  // namespace sz::json
