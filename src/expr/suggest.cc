#include "expr/suggest.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "expr/native.h"
#include "expr/prelude.h"

namespace sz::expr {

namespace {

using Entry = std::pair<std::string_view, std::size_t>;

constexpr std::array<Entry, 12> specials = {{{"empty", 0},
                                             {"env", 0},
                                             {"last", 1},
                                             {"path", 1},
                                             {"select", 1},
                                             {"map", 1},
                                             {"first", 1},
                                             {"range", 1},
                                             {"range", 2},
                                             {"range", 3},
                                             {"getpath", 1},
                                             {"error", 1}}};

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::string signature(std::string_view name, std::size_t arity) {
  if (arity == 0) return fmt::format("\"{}\"", name);
  std::string s = fmt::format("\"{}(", name);
  for (std::size_t i = 0; i < arity; ++i) s += i == 0 ? "..." : "; ...";
  return s + ")\"";
}

}  // namespace

bool is_special(std::string_view name, std::size_t arity) {
  return std::ranges::find(specials, Entry{name, arity}) != specials.end();
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names;
  for (const Entry& e : specials) names.push_back(e.first);
  for (const Native& n : natives())
    if (n.name[0] != '_' && n.name[0] != '@') names.push_back(n.name);
  for (const Definition& d : definitions())
    if (d.name[0] != '_') names.push_back(d.name);
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

const Refusal* find_refusal(std::string_view name) {
  static constexpr std::string_view no_stream = "to join records use batch, window or aggregate";
  static constexpr std::string_view no_module =
      "an expression is whole by itself: def f: ...; may stand in it";
  static constexpr std::string_view no_exit =
      "a stage ends with its input: see take, and error(\"...\") for a record";
  static constexpr std::array<Refusal, 16> refused = {{
      {"input", "is not for streams", no_stream},
      {"inputs", "is not for streams", no_stream},
      {"halt", "is not for streams", no_exit},
      {"halt_error", "is not for streams", no_exit},
      {"import", "needs modules, which are not supported", no_module},
      {"include", "needs modules, which are not supported", no_module},
      {"modulemeta", "needs modules, which are not supported", no_module},
      {"get_search_list", "needs modules, which are not supported", no_module},
      {"get_jq_origin", "needs modules, which are not supported", no_module},
      {"get_prog_origin", "needs modules, which are not supported", no_module},
      {"INDEX", "is SQL-style, which is not supported",
       "write reduce S as $row ({}; .[$row | KEY | tostring] = $row)"},
      {"IN", "is SQL-style, which is not supported", "write . as $x | any(S; . == $x)"},
      {"JOIN", "is SQL-style, which is not supported", "write [.[] | [., $index[KEY]]]"},
      {"recurse_down", "is gone from jq 1.8", "write recurse"},
      {"scalars_or_empty", "is gone from jq 1.8", "write scalars"},
      {"GROUP_BY", "is SQL-style, which is not supported", "write group_by(KEY)"},
  }};
  const auto found = std::ranges::find(refused, name, &Refusal::name);
  return found == refused.end() ? nullptr : &*found;
}

std::vector<std::string> builtin_signatures() {
  std::vector<std::string> all;
  const auto add = [&](std::string_view name, std::size_t arity) {
    if (name[0] != '_' && name[0] != '@') all.push_back(fmt::format("{}/{}", name, arity));
  };
  for (const Entry& e : specials) add(e.first, e.second);
  for (const Native& n : natives()) add(n.name, n.arity);
  for (const Definition& d : definitions()) add(d.name, d.arity);
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

std::string suggest(std::string_view name, std::size_t arity) {
  // What other languages call them.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 22> foreign = {
      {{"len", "length"},
       {"size", "length"},
       {"count", "length"},
       {"lower", "ascii_downcase"},
       {"lowercase", "ascii_downcase"},
       {"tolower", "ascii_downcase"},
       {"toLowerCase", "ascii_downcase"},
       {"upper", "ascii_upcase"},
       {"uppercase", "ascii_upcase"},
       {"toupper", "ascii_upcase"},
       {"toUpperCase", "ascii_upcase"},
       {"int", "tonumber"},
       {"float", "tonumber"},
       {"number", "tonumber"},
       {"parseInt", "tonumber"},
       {"parseFloat", "tonumber"},
       {"str", "tostring"},
       {"string", "tostring"},
       {"toString", "tostring"},
       {"strip", "trim"},
       {"typeof", "type"},
       {"distinct", "unique"}}};
  for (const auto& [theirs, ours] : foreign)
    if (name == theirs)
      return arity == 0 ? fmt::format("did you mean \"{}\"?", ours) : fmt::format("write ... | {}", ours);
  if (name == "replace") return "did you mean sub(\"re\"; \"text\") or gsub?";
  if (name == "substring" || name == "substr" || name == "slice") return "write .[FROM:TO]";
  if (name == "matches" || name == "like" || name == "regex") return "did you mean test(\"re\")?";
  if (name == "exists" || name == "isnull" || name == "is_null")
    return "write .name == null, or has(\"name\")";
  if (name == "ENV" && arity == 0) return R"(did you mean "$ENV"?)";
  if (name == "True" || name == "False" || name == "None" || name == "nil")
    return R"(did you mean "true", "false" or "null"?)";
  std::vector<Entry> known(specials.begin(), specials.end());
  for (const Native& n : natives())
    if (n.name[0] != '_' && n.name[0] != '@') known.emplace_back(n.name, n.arity);
  for (const Definition& d : definitions()) known.emplace_back(d.name, d.arity);
  Entry best;
  std::size_t least = std::max<std::size_t>(1, name.size() / 3) * 2 + 1;
  for (const Entry& e : known) {
    const std::size_t d = distance(name, e.first) * 2 + (e.second == arity ? 0 : 1);
    if (d < least) {
      least = d;
      best = e;
    }
  }
  if (best.first == name &&
      std::ranges::none_of(known, [&](const Entry& e) { return e.first == name && e.second > 0; }))
    return fmt::format("\"{0}\" works on its input: write ... | {0}", name);
  if (best.first.empty() && arity == 0) return fmt::format("a field begins with a dot: .{}", name);
  return best.first.empty() ? "" : fmt::format("did you mean {}?", signature(best.first, best.second));
}

}  // namespace sz::expr
