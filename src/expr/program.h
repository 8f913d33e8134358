#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/line.h"
#include "core/settings.h"
#include "core/time.h"
#include "expr/syntax_error.h"
#include "expr/value.h"
#include "json/node.h"

namespace sz::expr {

struct Settings {
  std::uint64_t max_steps = 100'000'000;           ///< steps that one evaluation may take
  std::size_t max_value = std::size_t{256} << 20;  ///< bytes that the values built by one evaluation may take
  bool direct = true;  ///< off: everything runs on the general machine (tests compare the two)
  std::vector<NamedValue> named = {};              ///< the globals $NAME and $ARGS.named
  std::vector<std::string> inputs = {};            ///< what input_filename says, by Line::source; - is stdin
  const char* const* environment = nullptr;        ///< $ENV, as execve(2) has it; lent; null is empty
  std::function<void(std::string_view)> say = {};  ///< takes the lines of debug and stderr; empty: nowhere
};

/// One output of an expression, ready to become a record.
struct Rendered {
  std::string_view text;  ///< compact JSON, or the bytes of `node` as they stand in the record
  json::Node node;        ///< valid() if the output is the input or an untouched part of it, otherwise not
};

/// The outputs of one evaluation as text, in order, to be walked once from the front. Lent by the Program
/// until its next call. An output takes sixteen bytes beside its text.
class RenderedList {
 public:
  /// A Node if `slots` is set, then `at` is its slot; else text that ends at `at` and begins where the text
  /// before it ended.
  struct Piece {
    const json::Slots* slots;
    std::size_t at;
  };
  class Iterator {
   public:
    Iterator(const Piece* piece, std::string_view text) : piece_(piece), text_(text) {}
    Rendered operator*() const {
      if (piece_->slots == nullptr) return {text_.substr(begin_, piece_->at - begin_), json::Node()};
      const json::Node node(*piece_->slots, static_cast<std::uint32_t>(piece_->at));
      return {node.raw(), node};
    }
    Iterator& operator++() {
      if (piece_->slots == nullptr) begin_ = piece_->at;
      ++piece_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return piece_ != other.piece_; }

   private:
    const Piece* piece_;
    std::string_view text_;
    std::size_t begin_ = 0;
  };

  RenderedList(std::span<const Piece> pieces, std::string_view text) : pieces_(pieces), text_(text) {}
  std::size_t size() const { return pieces_.size(); }
  bool empty() const { return pieces_.empty(); }
  Rendered front() const { return *begin(); }
  Iterator begin() const { return {pieces_.data(), text_}; }
  Iterator end() const { return {pieces_.data() + pieces_.size(), text_}; }

 private:
  std::span<const Piece> pieces_;
  std::string_view text_;
};

/// A runtime error in jq's words, lent by the Program until its next call.
class Error {
 public:
  explicit Error(const std::string& text) : text_(&text) {}
  const std::string& text() const { return *text_; }
  operator std::string() const { return *text_; }

 private:
  const std::string* text_;
};

/// An expression in jq's language (SPEC 6), compiled once and run on many records. Holds the state of the
/// run, so a Program and what it returns belong to one thread; each worker compiles its own. Expressions that
/// give one output for one input (paths, comparisons, arithmetic, construction, string tests, select, if, //,
/// and their like) read the record in place and allocate nothing; the others run on a backtracking machine
/// with its own stack. Both use the same operations.
///
/// Everything returned is valid until the next call on the Program, and no longer than the input.
/// A runtime error comes back in jq's words; so does passing max_steps or max_value.
class Program {
 public:
  static std::expected<Program, SyntaxError> compile(std::string_view source, const Settings& settings = {});
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  /// `line`, lent, is what input_line_number and input_filename tell of; null where a record has none.
  ///
  /// Is any output truthy (neither null nor false)? Stops at the first that is: later errors do not count.
  std::expected<bool, Error> truthy(const json::Node& input, Time now, const Line* line = nullptr);
  /// All outputs in order; an error anywhere is the result, and then no output counts.
  std::expected<std::span<const Value>, std::string> outputs(const json::Node& input, Time now,
                                                             const Line* line = nullptr);
  /// The first output, or null if there is none.
  std::expected<Value, std::string> value(const json::Node& input, Time now, const Line* line = nullptr);
  /// The value at a path of plain names, read without evaluating; nothing if the program is no such path or
  /// does not lead to a part of `input`. value() gives the same.
  std::optional<json::Node> part(const json::Node& input) const;
  /// All outputs in order as text, with their Nodes where they are parts of the input. Object construction is
  /// written straight from the record's bytes. An error anywhere is the result.
  std::expected<RenderedList, std::string> render(const json::Node& input, Time now,
                                                  const Line* line = nullptr);

  /// Does it call `now`? Then its result depends on the clock.
  bool uses_now() const;
  /// Is the result a function of input and `now` alone?
  bool deterministic() const;
  /// Is all of it run by the direct evaluator: at most one output, no allocation for plain reading? For
  /// explain and tests.
  bool direct() const;

 private:
  class Impl;
  explicit Program(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sz::expr
