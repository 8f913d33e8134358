#include "run/statistics.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace sz::run {
namespace {

using Field = std::pair<std::string_view, std::uint64_t>;

std::array<Field, 8> line_fields(const Ledger& ledger) {
  return {{{"lines", ledger.lines},
           {"blank", ledger.blank},
           {"out", ledger.count(Verdict::out)},
           {"merged", ledger.count(Verdict::merged)},
           {"filtered", ledger.count(Verdict::filtered)},
           {"dropped", ledger.count(Verdict::dropped)},
           {"failed", ledger.count(Verdict::failed)},
           {"held", ledger.held()}}};
}

std::array<Field, 8> stage_fields(const Statistics::StageAccount& stage) {
  const Counts& c = stage.counts;
  return {{{"in", c.in},
           {"made", c.made},
           {"out", c.out},
           {"merged", c.merged},
           {"filtered", c.filtered},
           {"dropped", c.dropped},
           {"failed", c.failed},
           {"held", stage.held}}};
}

std::string shown_name(const Statistics::StageAccount& stage) {
  if (stage.branch != 0) return fmt::format("branch {}", stage.branch);
  return std::string(stage.name);
}

std::string labels(const Statistics::StageAccount& stage) {
  std::string all = fmt::format("stage=\"{}\",index=\"{}\"", stage.name, stage.index);
  if (stage.branch != 0) fmt::format_to(std::back_inserter(all), ",branch=\"{}\"", stage.branch);
  return all;
}

double seconds(Duration d) { return static_cast<double>(d.ns) / 1e9; }

}  // namespace

void Statistics::order() {
  const auto place = [](const StageAccount& stage) { return std::pair(stage.index, stage.branch); };
  std::ranges::stable_sort(stages, {}, place);
  std::vector<StageAccount> added;
  for (StageAccount& stage : stages) {
    if (added.empty() || place(added.back()) != place(stage)) {
      added.push_back(std::move(stage));
    } else {
      added.back().counts += stage.counts;
      added.back().held += stage.held;
    }
  }
  stages = std::move(added);
}

bool Statistics::balanced(bool ended) const {
  if (ended && !ledger.balanced()) return false;
  for (const StageAccount& stage : stages)
    if (!stage.counts.balanced(stage.held)) return false;
  return true;
}

std::string Statistics::text() const {
  std::string all;
  const auto out = std::back_inserter(all);
  fmt::format_to(out, "{:<16}", "");
  for (const auto& [name, n] : line_fields(ledger)) fmt::format_to(out, "{:>10}", name);
  fmt::format_to(out, "\n{:<16}", "lines");
  for (const auto& [name, n] : line_fields(ledger)) fmt::format_to(out, "{:>10}", n);
  if (ledger.caught != 0) fmt::format_to(out, "  caught {}", ledger.caught);
  fmt::format_to(out, "\n{:<16}", "stage");
  for (const auto& [name, n] : stage_fields({})) fmt::format_to(out, "{:>10}", name);
  for (const StageAccount& stage : stages) {
    fmt::format_to(out, "\n{:<16}",
                   fmt::format("{} {}{}", stage.index, std::string(2 * stage.depth, ' '), shown_name(stage)));
    for (const auto& [name, n] : stage_fields(stage)) fmt::format_to(out, "{:>10}", n);
    for (const auto& [reason, n] : stage.counts.reasons) fmt::format_to(out, "  {} {}", reason, n);
    if (stage.counts.evicted != 0) fmt::format_to(out, "  evicted {}", stage.counts.evicted);
  }
  const double s = seconds(elapsed);
  fmt::format_to(out, "\n{} records and {:.1f} MB read in {:.3f} s", ledger.lines - ledger.blank,
                 static_cast<double>(bytes_in) / 1e6, s);
  if (s > 0)
    fmt::format_to(out, ": {:.0f} records/s, {:.1f} MB/s", static_cast<double>(ledger.lines) / s,
                   static_cast<double>(bytes_in) / 1e6 / s);
  all += '\n';
  return all;
}

std::string Statistics::json() const {
  std::string all = "{\"lines\":{";
  const auto out = std::back_inserter(all);
  const auto put = [out](const std::array<Field, 8>& fields) {
    std::string_view comma;
    for (const auto& [name, n] : fields) {
      fmt::format_to(out, "{}\"{}\":{}", comma, name == "lines" ? "in" : name, n);
      comma = ",";
    }
  };
  put(line_fields(ledger));
  fmt::format_to(out, ",\"caught\":{}", ledger.caught);
  all += "},\"stages\":[";
  std::string_view comma;
  for (const StageAccount& stage : stages) {
    fmt::format_to(out, "{}{{\"stage\":\"{}\",\"index\":{},\"depth\":{},", comma, stage.name, stage.index,
                   stage.depth);
    if (stage.branch != 0) fmt::format_to(out, "\"branch\":{},", stage.branch);
    put(stage_fields(stage));
    std::string_view between = "";
    all += ",\"reasons\":{";
    for (const auto& [reason, n] : stage.counts.reasons) {
      fmt::format_to(out, "{}\"{}\":{}", between, reason, n);
      between = ",";
    }
    fmt::format_to(out, "}},\"evicted\":{}}}", stage.counts.evicted);
    comma = ",";
  }
  fmt::format_to(out, "],\"records_out\":{},\"bytes_in\":{},\"elapsed_ns\":{}}}\n", records_out, bytes_in,
                 elapsed.ns);
  return all;
}

std::string Statistics::prometheus() const {
  std::string all = "# HELP sz_lines_total Input lines by their fate.\n# TYPE sz_lines_total counter\n";
  const auto out = std::back_inserter(all);
  for (const auto& [name, n] : line_fields(ledger))
    if (name != "lines" && name != "held") fmt::format_to(out, "sz_lines_total{{fate=\"{}\"}} {}\n", name, n);
  all += "# HELP sz_caught_total Failed records that a catch took.\n# TYPE sz_caught_total counter\n";
  fmt::format_to(out, "sz_caught_total {}\n", ledger.caught);
  all +=
      "# HELP sz_stage_records_total Records of each stage by what became of them.\n# TYPE "
      "sz_stage_records_total counter\n";
  for (const StageAccount& stage : stages)
    for (const auto& [name, n] : stage_fields(stage))
      if (name != "held")
        fmt::format_to(out, "sz_stage_records_total{{{},kind=\"{}\"}} {}\n", labels(stage), name, n);
  all +=
      "# HELP sz_stage_dropped_total Dropped records of each stage by reason.\n# TYPE "
      "sz_stage_dropped_total counter\n";
  for (const StageAccount& stage : stages)
    for (const auto& [reason, n] : stage.counts.reasons)
      fmt::format_to(out, "sz_stage_dropped_total{{{},reason=\"{}\"}} {}\n", labels(stage), reason, n);
  all +=
      "# HELP sz_records_out_total Records written to standard output.\n# TYPE sz_records_out_total "
      "counter\n";
  fmt::format_to(out, "sz_records_out_total {}\n", records_out);
  all += "# HELP sz_input_bytes_total Bytes read.\n# TYPE sz_input_bytes_total counter\n";
  fmt::format_to(out, "sz_input_bytes_total {}\n", bytes_in);
  all += "# HELP sz_run_seconds How long the run took.\n# TYPE sz_run_seconds gauge\n";
  fmt::format_to(out, "sz_run_seconds {:.3f}\n", seconds(elapsed));
  return all;
}

}  // namespace sz::run
