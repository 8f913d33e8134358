#include <string>
#include <vector>

#include "fuzz/fuzz.h"
#include "json/document.h"
#include "json/line_parser.h"
#include "run/whole_run.h"

// Lines: a whole run gives the same output and the same dead letters whatever the reads are, its ledger is
// balanced, and a line of a block gets the verdict that it gets alone. The first byte picks the size of the
// reads.

using namespace sz;

namespace {

void same_verdicts(std::string_view text) {
  std::string block(text);
  block += '\n';
  const std::size_t whole = block.size();
  block.append(64, ' ');
  json::LineParser parser;
  parser.open(block.data(), whole);
  json::ParsedLine line;
  json::Document alone;
  while (parser.next(line)) {
    if (line.blank()) continue;
    fuzz::require(alone.parse(line.text).has_value() == line.value.valid());
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string text(fuzz::text(data + 1, size - 1));
  same_verdicts(text);
  run::ScriptedHost at_once, in_pieces;
  at_once.file("-", text);
  in_pieces.file("-", text);
  in_pieces.limit_reads(1 + data[0] % 16);
  const run::WholeRun a = run::run_whole("--max-line 64 map .", at_once);
  const run::WholeRun b = run::run_whole("--max-line 64 map .", in_pieces);
  fuzz::require(at_once.output() == in_pieces.output());
  fuzz::require(a.letters == b.letters);
  fuzz::require(a.report.statistics.balanced(true));
  return 0;
}
