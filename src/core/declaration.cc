#include "core/declaration.h"

#include <utility>

namespace sz {

std::string condition_name(std::size_t k) { return "EXPR [" + std::to_string(k); }

void Arguments::set(std::string_view name, Value value, std::size_t word, std::size_t offset) {
  entries_.push_back({std::string(name), std::move(value), word, offset});
}

const Arguments::Entry* Arguments::find(std::string_view name) const {
  for (const Entry& entry : entries_)
    if (entry.name == name) return &entry;
  return nullptr;
}

namespace {
template <class T>
std::optional<T> get(const Arguments::Value* value) {
  if (value == nullptr) return std::nullopt;
  if (const T* typed = std::get_if<T>(value)) return *typed;
  return std::nullopt;
}
}  // namespace

bool Arguments::given(std::string_view name) const {
  const Entry* entry = find(name);
  return entry != nullptr && entry->word != PlanError::none;
}

bool Arguments::flag(std::string_view name) const {
  const Entry* entry = find(name);
  return entry != nullptr && get<bool>(&entry->value).value_or(false);
}

std::optional<std::string> Arguments::text(std::string_view name) const {
  const Entry* entry = find(name);
  return get<std::string>(entry ? &entry->value : nullptr);
}

std::optional<std::uint64_t> Arguments::count(std::string_view name) const {
  const Entry* entry = find(name);
  return get<std::uint64_t>(entry ? &entry->value : nullptr);
}

std::optional<double> Arguments::share(std::string_view name) const {
  const Entry* entry = find(name);
  return get<double>(entry ? &entry->value : nullptr);
}

std::optional<Duration> Arguments::duration(std::string_view name) const {
  const Entry* entry = find(name);
  return get<Duration>(entry ? &entry->value : nullptr);
}

std::optional<Rate> Arguments::rate(std::string_view name) const {
  const Entry* entry = find(name);
  return get<Rate>(entry ? &entry->value : nullptr);
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_)
    if (entry.name == name)
      if (const auto* text = std::get_if<std::string>(&entry.value)) all.push_back(*text);
  return all;
}

PlanError Arguments::error_at(std::string_view name, std::size_t k, std::string message, std::string hint,
                              std::size_t offset, std::size_t length) const {
  for (const Entry& entry : entries_)
    if (entry.name == name && k-- == 0)
      return {.message = std::move(message),
              .hint = std::move(hint),
              .word = entry.word,
              .offset = entry.offset + offset,
              .length = length};
  return error("", std::move(message), std::move(hint));
}

PlanError Arguments::error(std::string_view name, std::string message, std::string hint, std::size_t offset,
                           std::size_t length) const {
  PlanError error{.message = std::move(message), .hint = std::move(hint)};
  const Entry* entry = find(name);
  if (entry != nullptr && entry->word != PlanError::none) {
    error.word = entry->word;
    error.offset = entry->offset + offset;
    error.length = length;
  } else {
    error.word = step_word;
  }
  return error;
}

}  // namespace sz
