#include "stages/record_path.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "json/document.h"

namespace sz {
namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

/// The steps of a path, read from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t position() const { return at_; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }

  std::optional<std::string> name() {
    if (at_ >= text_.size() || !starts_name(text_[at_])) return std::nullopt;
    const std::size_t begin = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::optional<std::string> quoted() {
    std::size_t close = at_ + 1;
    while (close < text_.size() && text_[close] != '"') close += text_[close] == '\\' ? 2 : 1;
    if (close >= text_.size()) return std::nullopt;
    json::Document document;
    const auto value = document.parse(text_.substr(at_, close + 1 - at_));
    if (!value) return std::nullopt;
    at_ = close + 1;
    std::string scratch;
    return std::string(value->string(scratch));
  }

  std::optional<std::int64_t> index() {
    std::int64_t value = 0;
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
    if (error != std::errc()) return std::nullopt;
    at_ = static_cast<std::size_t>(stop - text_.data());
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<json::Node> element(const json::Node& array, std::int64_t index) {
  if (array.kind() != json::Kind::array) return std::nullopt;
  if (index < 0) index += static_cast<std::int64_t>(array.size());
  if (index < 0) return std::nullopt;
  return array.element(static_cast<std::size_t>(index));
}

}  // namespace

std::expected<RecordPath, std::string> RecordPath::parse(std::string_view text, std::size_t& end) {
  const auto wrong = std::unexpected<std::string>("is no path of names and indexes such as .a.b[0]");
  Reader reader(text);
  RecordPath path;
  if (!reader.take('.')) return wrong;
  bool after_dot = true;
  while (true) {
    if (reader.take('[')) {
      if (reader.at('"')) {
        auto name = reader.quoted();
        if (!name) return wrong;
        path.steps_.emplace_back(json::Key(std::move(*name)));
      } else {
        const auto index = reader.index();
        if (!index) return wrong;
        path.steps_.emplace_back(*index);
      }
      if (!reader.take(']')) return wrong;
    } else if (after_dot) {
      auto name = reader.at('"') ? reader.quoted() : reader.name();
      if (!name) {
        if (!path.steps_.empty()) return wrong;
        break;  // the record itself
      }
      path.steps_.emplace_back(json::Key(std::move(*name)));
    }
    reader.take('?');
    after_dot = reader.take('.');
    if (!after_dot && !reader.at('[')) break;
  }
  end = reader.position();
  path.text_ = text.substr(0, end);
  return path;
}

std::optional<json::Node> RecordPath::find(json::Node record) const {
  for (const Step& step : steps_) {
    std::optional<json::Node> inner;
    if (const auto* index = std::get_if<std::int64_t>(&step))
      inner = element(record, *index);
    else if (record.kind() == json::Kind::object)
      inner = record.field(std::get<json::Key>(step));
    if (!inner) return std::nullopt;
    record = *inner;
  }
  return record;
}

std::expected<std::string_view, std::string> RecordPath::fill(const json::Node& record,
                                                              std::string& scratch) const {
  const auto found = find(record);
  if (!found) return std::unexpected(refusal("is missing"));
  switch (found->kind()) {
    case json::Kind::null:
      return std::unexpected(refusal("is null"));
    case json::Kind::array:
      return std::unexpected(refusal("is an array"));
    case json::Kind::object:
      return std::unexpected(refusal("is an object"));
    case json::Kind::string:
      return found->string(scratch);
    default:
      return found->raw();
  }
}

std::string RecordPath::refusal(std::string_view why) const { return fmt::format("{{{}}} {}", text_, why); }

}  // namespace sz
