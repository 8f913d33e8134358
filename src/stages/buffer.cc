#include "core/buffer.h"

#include <utility>

#include <fmt/format.h>

#include "core/declaration.h"

namespace sz {
namespace {

std::expected<std::unique_ptr<Stage>, PlanError> build(const Arguments& arguments, const Settings&) {
  const Buffer::Limits limits{.records = arguments.count("--size"), .bytes = arguments.count("--bytes")};
  if (!limits.records && !limits.bytes)
    return std::unexpected(
        arguments.error("", "buffer needs --size N or --bytes SIZE", "for example: --size 1000"));
  for (const std::string_view name : {"--size", "--bytes"})
    if (arguments.count(name) == 0)
      return std::unexpected(arguments.error(name, std::string(name).append(" must be at least 1")));
  using enum Buffer::WhenFull;
  constexpr std::pair<std::string_view, Buffer::WhenFull> policies[] = {
      {"block", block}, {"drop-newest", drop_newest}, {"drop-oldest", drop_oldest}, {"fail", fail}};
  const auto chosen = arguments.text("--when-full");
  Buffer::WhenFull when_full = block;
  for (const auto& [name, policy] : policies)
    if (chosen == name) when_full = policy;
  return std::make_unique<Buffer>(limits, when_full);
}

void explain(const Arguments& arguments, const Settings&, Explanation& of) {
  if (const auto records = arguments.count("--size"))
    of.memory = fmt::format("{} records (--size)", *records);
  if (const auto bytes = arguments.count("--bytes"))
    of.memory += fmt::format("{}{} bytes (--bytes)", of.memory.empty() ? "" : " or ", *bytes);
  of.latency = "as long as what is behind is busy";
  of.end = "what waits is waited for";
  const auto when_full = arguments.text("--when-full");
  if (when_full == "fail") of.failures = "full";
  if (when_full != "block") of.varies.emplace_back("what finds it full depends on how fast the rest is");
}

}  // namespace

extern const Declaration buffer_stage;
const Declaration buffer_stage = {
    .name = "buffer",
    .section = "Per record, stateful",
    .summary = "let records wait for what is slow behind, within a bound",
    .description =
        "Parts the pipeline. While what is behind takes records they pass at once. When it wants no more for "
        "now, a command that is busy, a throttle that waits, standard output that nobody reads, records wait "
        "here and the reading goes on.\n\n"
        "When --size records or --bytes of memory wait, block stops the reading until there is room. The "
        "others go on: drop-newest drops the record that comes, drop-oldest the one that has waited longest, "
        "both with reason full; fail makes it a dead letter of kind full. A record counts as its bytes and "
        "128 more; with --dlq so does its input line, where that differs. With both bounds the first to be "
        "reached counts.\n\n"
        "Order is kept. Under --time the clock waits with the records, so that what is behind does not "
        "depend "
        "on how fast anything is, but for what is dropped. At the end of input what waits is waited for. A "
        "branch with a buffer in it joins as it comes.",
    .options =
        {{.name = "--size", .type = ValueType::count, .metavar = "N", .help = "at most so many records"},
         {.name = "--bytes",
          .type = ValueType::size,
          .metavar = "SIZE",
          .help = "at most so much memory: 64Mi"},
         {.name = "--when-full",
          .type = ValueType::choice,
          .metavar = "block|drop-newest|drop-oldest|fail",
          .help = "what to do then",
          .fallback = "block",
          .choices = {"block", "drop-newest", "drop-oldest", "fail"}}},
    .examples = {{.title = "never hold up who writes the log, show the newest records to a slow reader",
                  .words = "buffer --bytes 64Mi --when-full drop-oldest",
                  .input = "1\n2\n3\n",
                  .output = "1\n2\n3\n"},
                 {.title = "read on while a command is busy",
                  .words = "buffer --size 10000 then map --exec cat",
                  .input = "1\n2\n",
                  .output = "1\n2\n"}},
    .build = build,
    .explain = explain,
};

}  // namespace sz
