#include "stages/file_pattern.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace sz {
namespace {

constexpr std::size_t longest_name = 255, longest_path = 4095;  // NAME_MAX and PATH_MAX of Linux

constexpr std::array<bool, 256> make_kept() {
  std::array<bool, 256> kept{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."))
    kept[static_cast<unsigned char>(c)] = true;
  return kept;
}
constexpr std::array<bool, 256> kept_bytes = make_kept();

void append_encoded(std::string& name, std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (kept_bytes[byte] && (byte != '.' || i != 0)) {
      name += value[i];
    } else {
      name += '%';
      name += digits[byte >> 4];
      name += digits[byte & 15];
    }
  }
}

/// Calls `visit` for each of the names that '/' parts in `path`.
template <class Visit>
void each_name(std::string_view path, Visit visit) {
  for (;;) {
    const std::size_t end = path.find('/');
    visit(path.substr(0, end));
    if (end == std::string_view::npos) return;
    path.remove_prefix(end + 1);
  }
}

/// `{name}`, which a dot is missing in: as a name of a file it is hardly meant, and written `{{name}`.
std::optional<Template::Fault> place_without_dot(std::string_view text) {
  const auto name = [](char c) { return kept_bytes[static_cast<unsigned char>(c)] && c != '-' && c != '.'; };
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '{') continue;
    if (text[i + 1] == '{') {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && name(text[end])) ++end;
    if (end == i + 1 || end == text.size() || text[end] != '}') continue;
    const std::string_view inner = text.substr(i + 1, end - i - 1);
    return Template::Fault{
        .message = fmt::format(
            "{{{0}}} is no place to fill: write {{.{0}}}, or {{{{{0}}} for a name with braces", inner),
        .offset = i,
        .length = inner.size() + 2};
  }
  return std::nullopt;
}

}  // namespace

std::expected<FilePattern, Template::Fault> FilePattern::parse(std::string_view text) {
  if (auto fault = place_without_dot(text)) return std::unexpected(*std::move(fault));
  auto filled = Template::parse(text);
  if (!filled) return std::unexpected(std::move(filled.error()));
  const auto wrong = [](std::string message) {
    return std::unexpected(Template::Fault{.message = std::move(message)});
  };
  FilePattern made;
  made.tail_ = filled->literal();
  for (const Template::Piece& piece : filled->pieces()) made.parts_.push_back({piece.before, piece.path});
  if (made.plain()) {
    if (made.path().empty()) return wrong("an empty word is no file");
    return made;
  }
  std::string& head = made.parts_.front().before;
  const std::size_t slash = head.rfind('/');
  made.directory_ = slash == std::string::npos ? "." : slash == 0 ? "/" : head.substr(0, slash);
  head.erase(0, slash == std::string::npos ? 0 : slash + 1);

  std::string shape;  // a name, whatever it is, in each place
  for (const Part& part : made.parts_) shape.append(part.before).append("x");
  shape += made.tail_;
  if (shape.ends_with('/')) return wrong("a file name is missing behind the last /");
  std::optional<std::string> fault;
  each_name(shape, [&](std::string_view name) {
    if (name.empty() || name == "." || name == "..")
      fault = fmt::format("\"{}\" cannot be a name behind a {{.path}}", name);
  });
  if (fault) return wrong(std::move(*fault));
  return made;
}

std::expected<std::string_view, std::string> FilePattern::name(const json::Node& record) {
  name_.clear();
  for (const Part& part : parts_) {
    const auto value = part.path.fill(record, scratch_);
    if (!value) return std::unexpected(value.error());
    if (value->empty()) return std::unexpected(part.path.refusal("is empty"));
    if (value->size() > longest_path)
      return std::unexpected(part.path.refusal("is longer than a path may be"));
    name_ += part.before;
    append_encoded(name_, *value);
  }
  name_ += tail_;
  if (name_.size() <= longest_name) return name_;
  std::size_t longest = 0;
  each_name(name_, [&](std::string_view name) { longest = std::max(longest, name.size()); });
  if (longest > longest_name)
    return std::unexpected(fmt::format("a file name of {} bytes: {} is the most", longest, longest_name));
  if (directory_.size() + 1 + name_.size() > longest_path)
    return std::unexpected(fmt::format("a path of more than {} bytes", longest_path));
  return name_;
}

}  // namespace sz
