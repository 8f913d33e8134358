#include "run/dead_letter_stats.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "core/quote.h"
#include "core/time.h"
#include "json/utf8.h"
#include "run/descriptor.h"
#include "run/letter_reader.h"

namespace sz::run {
namespace {

struct Row {
  std::uint64_t letters = 0;
  Time first = Time::max();
  Time last = Time::min();
};

constexpr std::size_t columns = 5;
using Cells = std::array<std::string, columns>;

std::size_t width(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) text.remove_prefix(json::decode_utf8(text).length);
  return characters;
}

std::string table(const std::vector<Cells>& rows) {
  std::array<std::size_t, columns> widths{};
  for (const Cells& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      const bool number = i == 2;
      text += number ? padding + row[i] : row[i];
      if (i + 1 < columns) text += number ? "  " : padding + "  ";
    }
    text += '\n';
  }
  return text;
}

}  // namespace

int dead_letter_stats(const plan::LetterStats& request, int output, const StderrSink& error) {
  auto reader = LetterReader::open(request.file);
  if (!reader) {
    error(fmt::format("sz: {}\n", reader.error().message));
    return 3;
  }
  std::map<std::tuple<std::string, std::string, std::uint64_t>, Row> groups;
  std::set<std::string> runs;
  Row all;
  ReadLetter letter;
  while (reader->next(letter)) {
    runs.insert(letter.run);
    for (Row* row : {&all, &groups[{letter.kind, letter.stage, letter.index}]}) {
      ++row->letters;
      if (const auto at = parse_rfc3339(letter.ts)) {
        row->first = std::min(row->first, *at);
        row->last = std::max(row->last, *at);
      }
    }
  }

  const auto cells = [](std::string kind, std::string stage, const Row& row) {
    const bool timed = row.first <= row.last;
    return Cells{std::move(kind), std::move(stage), fmt::format("{}", row.letters),
                 timed ? to_rfc3339(row.first) : "-", timed ? to_rfc3339(row.last) : "-"};
  };
  std::vector<std::pair<std::uint64_t, Cells>> sorted;
  for (const auto& [key, row] : groups) {
    const auto& [kind, stage, index] = key;
    sorted.emplace_back(
        row.letters,
        cells(quote(kind), index == 0 ? quote(stage) : fmt::format("{} ({})", quote(stage), index), row));
  }
  std::ranges::sort(sorted, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<Cells> rows{{"KIND", "STAGE", "LETTERS", "FIRST", "LAST"}};
  for (auto& [letters, row] : sorted) rows.push_back(std::move(row));
  rows.push_back(cells("all", fmt::format("{} {}", runs.size(), runs.size() == 1 ? "run" : "runs"), all));

  std::string text = table(rows);
  if (reader->torn() != 0) text += fmt::format("torn lines: {}\n", reader->torn());
  if (reader->foreign() != 0) text += fmt::format("lines that are no dead letters: {}\n", reader->foreign());
  const int fault = write_all(output, text);
  if (fault != 0) error(fmt::format("sz: cannot write standard output: {}\n", system_words(fault)));
  if (reader->fault()) error(fmt::format("sz: {}\n", reader->fault()->message));
  return fault != 0 || reader->fault() ? 3 : 0;
}

}  // namespace sz::run
