#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "json/fault.h"
#include "json/node.h"

namespace sz::json {

/// One JSON value with its own copy of the text, for values that a stage made or kept. Reusable: buffers stay
/// from parse to parse. Nodes are valid until the next parse or the end of the document. Movable; moving
/// keeps Nodes valid.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Copies and fully validates `text`, which may hold line ends, may be a piece of this document's own, and
  /// is shorter than 4 GiB.
  std::expected<Node, Fault> parse(std::string_view text);
  /// The same, at any depth (a stage wraps what came in at the deepest), for text that is known to be one
  /// valid JSON value (else: no value).
  Node parse_valid(std::string_view text);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sz::json
