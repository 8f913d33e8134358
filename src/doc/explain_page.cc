#include "doc/explain_page.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/quote.h"

namespace sz::doc {
namespace {

constexpr std::size_t deepest = 6;  // steps below stand no further to the right

std::vector<Entry> entries(const std::vector<plan::Explained::Row>& rows) {
  std::vector<Entry> all;
  all.reserve(rows.size());
  for (const plan::Explained::Row& row : rows)
    all.push_back({row.name, quote(row.text, row.text.size() * 8)});
  return all;
}

/// One line, cut where the page ends.
std::string one_line(std::string_view text, std::size_t room) {
  const std::string shown = quote(text, text.size() * 8);
  if (columns(shown) <= room) return shown;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < shown.size(); ++end)
    if ((static_cast<unsigned char>(shown[end]) & 0xC0) != 0x80 && seen++ == room - 3) break;
  return shown.substr(0, end) + "...";
}

}  // namespace

std::string explain_page(const plan::Explained& plan, std::size_t width) {
  std::string all = list(entries(plan.run), 0, width);
  for (const plan::Explained::Step& step : plan.steps) {
    const std::size_t indent = 2 * std::min(step.depth, deepest);
    if (step.index == 0) {
      all += fmt::format("\n{}{}\n", std::string(indent, ' '), one_line(step.words, width - indent));
      continue;
    }
    const std::string number = fmt::format("{}{} ", std::string(indent, ' '), step.index);
    all += fmt::format("\n{}{}\n", number, one_line(step.words, width - number.size()));
    std::vector<Entry> rows = entries(step.rows);
    if (step.pooled) rows.push_back({"threads", "in the ordered pool"});
    all += list(rows, indent + 4, width);
  }
  if (plan.varies.empty())
    return all + "\n" + wrap("The same input, options and seed give the same bytes.", 0, width);
  all += "\nTwo runs may differ by:\n";
  constexpr std::string_view mark = "  - ";
  for (const std::string& reason : plan.varies)
    all.append(mark).append(wrap(quote(reason, reason.size() * 8), mark.size(), width), mark.size());
  return all;
}

}  // namespace sz::doc
