#include <algorithm>

#include <fmt/format.h>

#include "expr/access.h"
#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/errors.h"
#include "expr/native.h"
#include "expr/regex_cache.h"

// Builtins on regular expressions. What gives several outputs is an array here; the prelude takes it apart.

namespace sz::expr {

namespace {

using Args = std::span<Value>;
using Span = Regex::Span;

/// One text and its matches, first to last.
class Search {
 public:
  /// Sets the error unless all three are of the right kinds and the pattern is one. `all` matches as with g.
  /// `from` is where another Search of the same text was stopped.
  Search(Context& context, const Value& text, const Value& pattern, const Value& flags, bool all,
         std::size_t from = 0)
      : context_(context), at_(from) {
    if (!text.is_string()) {
      type_error(context, text, "cannot be matched, as it is not a string");
      return;
    }
    if (!pattern.is_string()) {
      type_error(context, pattern, "is not a string");
      return;
    }
    if (!flags.is_null() && !flags.is_string()) {
      type_error(context, flags, "is not a string");
      return;
    }
    text_ = text.text(scratch_);
    borrowed_ = text.tag() == Value::Tag::view || (text.is_node() && !text.as_node().string_escaped());
    std::string p, f;
    const std::string_view re = pattern.text(p);
    if (!context.spend(1 + (re.size() + (from == 0 ? text_.size() : 0)) / 64)) return;
    const auto& compiled = context.regexes.find(re, flags.is_null() ? std::string_view() : flags.text(f));
    if (!compiled) {
      const RegexError& e = compiled.error();
      context.fail(e.flags ? e.reason
                           : fmt::format("{} (at offset 0) is not a valid regex: {}", re, e.reason));
      return;
    }
    regex_ = &*compiled;
    all_ = all || regex_->global();
    spans_.resize(regex_->names().size() + 1);
  }

  /// False: a fault; the error is in the context.
  explicit operator bool() const { return regex_ != nullptr; }

  bool test() const { return regex_->matches(text_); }
  /// On to the next match; false behind the last one.
  bool next() {
    if (!more_ || !regex_->find(text_, at_, spans_)) return false;
    at_ = Regex::next(text_, spans_[0]);
    more_ = all_;
    return true;
  }
  /// Where the next match is looked for, and whether there can be none.
  std::size_t at() const { return at_; }
  bool ended() const { return !more_; }
  const Span& match() const { return spans_[0]; }
  std::size_t groups() const { return spans_.size() - 1; }
  const Span& group(std::size_t i) const { return spans_[i + 1]; }
  const std::string& name(std::size_t i) const { return regex_->names()[i]; }
  std::string_view text() const { return text_; }

  Value piece(const Span& s) const { return piece(s.begin, s.end); }
  Value piece(std::size_t begin, std::size_t end) const {
    const std::string_view part = text_.substr(begin, end - begin);
    return borrowed_ ? Value::view(part) : Value::string(context_.heap, part);
  }
  /// The code points before byte `at`; cheap when asked from left to right.
  std::int64_t code_points(std::size_t at) {
    if (at < counted_to_) counted_to_ = counted_ = 0;
    counted_ += count_code_points(text_.substr(counted_to_, at - counted_to_));
    counted_to_ = at;
    return static_cast<std::int64_t>(counted_);
  }

 private:
  Context& context_;
  const Regex* regex_ = nullptr;
  std::string scratch_;
  std::string_view text_;
  bool borrowed_ = false, all_ = false, more_ = true;
  std::vector<Span> spans_;
  std::size_t at_ = 0, counted_to_ = 0, counted_ = 0;
};

// [what `make` gives for each match]
template <class Make>
Value each_match(Context& context, Search& search, Make make) {
  Value out = Value::array(context.heap);
  while (search.next()) {
    if (!context.spend(1 + search.groups())) return Value::fault();
    out.array_block().push(make());
    if (context.heap.over()) return context.too_large();
  }
  return context.grown(std::move(out));
}

Value span_object(Context& context, Search& search, const Span& s, bool named) {
  Value out = Value::object(context.heap, 4);
  ObjectBlock& o = out.object_block();
  const std::int64_t offset = s.matched() ? search.code_points(s.begin) : -1;
  const std::int64_t length =
      s.matched() ? static_cast<std::int64_t>(count_code_points(search.text().substr(s.begin, s.size()))) : 0;
  o.set(Value::view("offset"), Value::integer(offset));
  o.set(Value::view("length"), Value::integer(length));
  o.set(Value::view("string"), s.matched() ? search.piece(s) : Value());
  if (named) o.set(Value::view("name"), Value());
  return out;
}

Value capture_object(Context& context, Search& search) {
  Value out = Value::object(context.heap);
  for (std::size_t i = 0; i < search.groups(); ++i) {
    if (search.name(i).empty()) continue;
    const Span& s = search.group(i);
    out.object_block().set(Value::string(context.heap, std::string(search.name(i))),
                           s.matched() ? search.piece(s) : Value());
  }
  return out;
}

Value matches(Context& context, const Value& text, const Value& pattern, const Value& flags) {
  Search search(context, text, pattern, flags, false);
  if (!search) return Value::fault();
  return each_match(context, search, [&] {
    Value match = span_object(context, search, search.match(), false);
    Value captures = Value::array(context.heap, search.groups());
    for (std::size_t i = 0; i < search.groups(); ++i) {
      Value group = span_object(context, search, search.group(i), true);
      if (!search.name(i).empty())
        group.object_block().set(Value::view("name"),
                                 Value::string(context.heap, std::string(search.name(i))));
      captures.array_block().push(std::move(group));
    }
    match.object_block().set(Value::view("captures"), std::move(captures));
    return match;
  });
}

Value tests(Context& context, const Value& text, const Value& pattern, const Value& flags) {
  const Search search(context, text, pattern, flags, false);
  return search ? Value::boolean(search.test()) : Value::fault();
}

Value captures(Context& context, const Value& text, const Value& pattern, const Value& flags) {
  Search search(context, text, pattern, flags, false);
  if (!search) return Value::fault();
  return each_match(context, search, [&] { return capture_object(context, search); });
}

using Function = Value (*)(Context&, const Value&, const Value&, const Value&);

// `"re"` or `["re", "flags"]`.
template <Function f>
Value one(Context& context, Args v) {
  if (v[1].is_array()) {
    const Value list = built_array(context.heap, v[1]);
    const auto& a = list.array_block().items;
    if (!a.empty()) return f(context, v[0], a[0], a.size() > 1 ? a[1] : Value());
  } else if (v[1].is_string()) {
    return f(context, v[0], v[1], Value());
  }
  return context.fail(fmt::format("{} not a string or array", kind_name(v[1])));
}

template <Function f>
Value two(Context& context, Args v) {
  return f(context, v[0], v[1], v[2]);
}

Value scan(Context& context, Args v) {
  Search search(context, v[0], v[1], v[2], true);
  if (!search) return Value::fault();
  return each_match(context, search, [&] {
    if (search.groups() == 0) return search.piece(search.match());
    Value groups = Value::array(context.heap, search.groups());
    for (std::size_t i = 0; i < search.groups(); ++i) {
      const Span& s = search.group(i);
      groups.array_block().push(s.matched() ? search.piece(s) : Value());
    }
    return groups;
  });
}

Value split2(Context& context, Args v) {
  Search search(context, v[0], v[1], v[2], true);
  if (!search) return Value::fault();
  std::size_t behind = 0;
  Value out = each_match(context, search, [&] {
    const std::size_t from = std::exchange(behind, search.match().end);
    return search.piece(from, search.match().begin);
  });
  if (out.is_fault()) return out;
  out.array_block().push(search.piece(behind, search.text().size()));
  return context.grown(std::move(out));
}

// For sub: [where to go on or null, [[begin, end, capture object], ...]], in bytes: the matches from byte
// v[3] on, at most so many that a long text with many of them takes little more memory than itself.
Value edits(Context& context, Args v) {
  constexpr std::size_t most = 2048;
  const auto from = static_cast<std::size_t>(v[3].raw_integer());
  Search search(context, v[0], v[1], v[2], false, from);
  if (!search) return Value::fault();
  Value list = Value::array(context.heap);
  auto& found = list.array_block().items;
  while (found.size() < most && search.next()) {
    if (!context.spend(1 + search.groups())) return Value::fault();
    Value edit = Value::array(context.heap, 3);
    ArrayBlock& e = edit.array_block();
    e.push(Value::integer(static_cast<std::int64_t>(search.match().begin)));
    e.push(Value::integer(static_cast<std::int64_t>(search.match().end)));
    e.push(capture_object(context, search));
    list.array_block().push(std::move(edit));
    if (context.heap.over()) return context.too_large();
  }
  Value out = Value::array(context.heap, 2);
  out.array_block().push(found.size() < most || search.ended()
                             ? Value()
                             : Value::integer(static_cast<std::int64_t>(search.at())));
  out.array_block().push(std::move(list));
  return context.grown(std::move(out));
}

// For sub: [behind, result, ...], or no array at first, with the edits v[2] (see above) of the text v[1]
// filled in; the n-th result takes the n-th of each edit's insertions. Behind the last edits: the results
// alone; without any, the text.
Value fill_in(Context& context, Args v) {
  const auto& edit_list = v[2].array_block().items[1].array_block().items;
  const bool last = v[2].array_block().items[0].is_null();
  const auto& insertions = v[3].array_block().items;
  std::string scratch;
  const std::string_view text = v[1].text(scratch);
  Value out = v[0].is_array() ? own_array(context.heap, std::move(v[0])) : Value::array(context.heap);
  if (out.array_block().items.empty()) out.array_block().push(Value::integer(0));
  auto& state = out.array_block().items;
  auto behind = static_cast<std::size_t>(state[0].raw_integer());
  for (std::size_t i = 0; i < edit_list.size(); ++i) {
    const auto& edit = edit_list[i].array_block().items;
    const auto begin = static_cast<std::size_t>(edit[0].raw_integer());
    const std::string_view gap = text.substr(behind, begin - behind);
    behind = static_cast<std::size_t>(edit[1].raw_integer());
    const Value all = built_array(context.heap, insertions[i]);
    const auto& inserted = all.array_block().items;
    if (!context.spend(1 + inserted.size())) return Value::fault();
    for (std::size_t k = 0; k < inserted.size(); ++k) {
      if (k + 1 == state.size()) out.array_block().push(Value::string(context.heap, std::string_view()));
      if (!inserted[k].is_string() && !inserted[k].is_null())
        return type_error(context, Value::string(context.heap, gap), inserted[k], "cannot be added");
      for (const Value& piece : {Value::view(gap), inserted[k]}) {
        state[k + 1] = add(context, std::move(state[k + 1]), piece);
        if (state[k + 1].is_fault()) return Value::fault();
      }
    }
  }
  state[0] = Value::integer(static_cast<std::int64_t>(behind));
  if (!last) return context.grown(std::move(out));
  Value results = Value::array(context.heap, state.size());
  const std::string_view rest = text.substr(behind);
  for (std::size_t k = 1; k < state.size(); ++k) {
    Value r = add(context, std::move(state[k]), Value::view(rest));
    if (r.is_fault()) return r;
    results.array_block().push(std::move(r));
  }
  if (state.size() == 1) results.array_block().push(std::move(v[1]));
  return context.grown(std::move(results));
}

constexpr Native table[] = {
    {"test", 1, one<tests>},     {"test", 2, two<tests>},        {"_match", 1, one<matches>},
    {"_match", 2, two<matches>}, {"_capture", 1, one<captures>}, {"_capture", 2, two<captures>},
    {"_scan", 2, scan},          {"_split", 2, split2},          {"_edits", 3, edits},
    {"_fill_in", 3, fill_in},
};

}  // namespace

std::span<const Native> regex_natives() { return table; }

}  // namespace sz::expr
