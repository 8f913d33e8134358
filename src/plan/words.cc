#include "plan/words.h"

namespace sz::plan {
namespace {
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
}  // namespace

bool is_option(std::string_view word) {
  if (!word.starts_with('-')) return false;
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  return !word.empty() && is_letter(word[0]);
}

bool is_then(std::string_view word) { return word == "then" || word == "+"; }

bool is_separator(std::string_view word) {
  return is_then(word) || word == "[" || word == "]" || word == "--";
}

}  // namespace sz::plan
