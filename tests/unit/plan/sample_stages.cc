#include "plan/sample_stages.h"

namespace sz::plan {
namespace {

using enum ValueType;

OptionDeclaration option(std::string_view name, char letter, ValueType type, std::string_view metavar,
                         std::string_view help, std::string_view fallback = {},
                         std::vector<std::string_view> choices = {}) {
  return {.name = name,
          .letter = letter,
          .type = type,
          .metavar = metavar,
          .help = help,
          .fallback = fallback,
          .choices = std::move(choices)};
}

OptionDeclaration by() { return option("--by", 0, expression, "EXPR", "one state for each value of EXPR"); }
OptionDeclaration max_keys() { return option("--max-keys", 0, count, "N", "keys remembered at most"); }

Declaration stage(std::string_view name, std::string_view section, std::string_view summary,
                  std::vector<PositionalDeclaration> positionals, std::vector<OptionDeclaration> options,
                  std::vector<Example> examples) {
  return {.name = name,
          .aliases = {},
          .section = section,
          .summary = summary,
          .description = "What it does.",
          .positionals = std::move(positionals),
          .options = std::move(options),
          .traits = {.repeatable = true},
          .examples = std::move(examples)};
}

Declaration with_groups(Declaration made, std::uint32_t least, std::uint32_t most, bool prefix = false) {
  made.traits.min_groups = least;
  made.traits.max_groups = most;
  made.traits.prefix = prefix;
  return made;
}

Declaration flatten() {
  Declaration made = stage(
      "flatten", "Per record", "emit each element of an array",
      {{.name = "EXPR", .type = expression, .help = "finds the array", .required = false}}, {},
      {{"elements", "flatten", "[1,2]\n", "1\n2\n"}, {"of a field", "flatten .a", "{\"a\":[1]}\n", "1\n"}});
  made.aliases = {"unbatch"};
  return made;
}

const Declaration filter_sample = stage(
    "filter", "Per record", "keep the records for which an expression is true",
    {{.name = "EXPR", .type = expression, .help = "true keeps the record"}},
    {option("--invert", 'v', flag, {}, "keep the others")},
    {{"keep errors", "filter '.status >= 500'", "{\"status\":500}\n{\"status\":200}\n", "{\"status\":500}\n"},
     {"drop them", "filter -v .ok", "{\"ok\":true}\n", ""}});
const Declaration map_sample =
    stage("map", "Per record", "replace each record by what an expression gives",
          {{.name = "EXPR", .type = expression, .help = "gives the new records"}}, {},
          {{"one field", "map .a", "{\"a\":1}\n", "1\n"}, {"add", "map '.a + 1'", "{\"a\":1}\n", "2\n"}});
const Declaration flatten_sample = flatten();
const Declaration take_sample = stage(
    "take", "Selecting", "pass the first records and end",
    {{.name = "N", .type = count, .help = "so many", .required = false}},
    {option("--while", 0, expression, "EXPR", "as long as EXPR is true"),
     option("--for", 0, duration, "D", "as long as this"), by(), max_keys()},
    {{"the first two", "take 2", "1\n2\n3\n", "1\n2\n"}, {"for a minute", "take --for 1m", "1\n", "1\n"}});
const Declaration batch_sample =
    stage("batch", "Grouping", "collect records into arrays", {},
          {option("--size", 'n', count, "N", "at most N records"),
           option("--every", 0, duration, "D", "at most this long"),
           option("--bytes", 0, size, "SIZE", "at most so many bytes"), by(), max_keys(),
           option("--wrap", 0, flag, {}, "an object with the count and the times")},
          {{"by two", "batch --size 2", "1\n2\n3\n", "[1,2]\n[3]\n"},
           {"by time", "batch --every 1s", "1\n", "[1]\n"}});
const Declaration dedupe_sample =
    stage("dedupe", "Selecting", "drop records whose key was seen", {},
          {by(), option("--ttl", 0, duration, "D", "forget a key after this"),
           option("--keep", 0, choice, "WHICH", "which of equals to keep", "first", {"first", "last"})},
          {{"by id", "dedupe --by .id", "{\"id\":1}\n{\"id\":1}\n", "{\"id\":1}\n"},
           {"all", "dedupe", "1\n1\n", "1\n"}});
const Declaration throttle_sample = stage(
    "throttle", "Selecting", "let so many records a time pass", {},
    {option("--rate", 0, rate, "N/UNIT", "the rate"), option("--share", 0, share, "SHARE", "a share")},
    {{"50 a second", "throttle --rate 50/s", "1\n", "1\n"}, {"slowly", "throttle --rate 1/m", "1\n", "1\n"}});
const Declaration tap_sample =
    stage("tap", "Routing", "copy records to the side", {},
          {option("--to", 0, file, "FILE", "write the copies to FILE"),
           option("--stderr", 0, flag, {}, "write the copies to stderr"),
           option("--label", 'l', text, "TEXT", "a word before each copy")},
          {{"to a file", "tap --to copy.ndjson", "1\n", "1\n"}, {"to see", "tap --stderr", "1\n", "1\n"}});
const Declaration window_sample =
    stage("window", "Grouping", "collect records by time",
          {{.name = "KIND", .type = text, .help = "which windows"},
           {.name = "AGG...", .type = text, .help = "aggregates", .required = false}},
          {option("--size", 0, duration, "D", "its length")},
          {{"minutes", "window tumbling --size 1m", "", ""},
           {"counts", "window tumbling --size 1m n=count", "", ""}});
const Declaration switch_sample = with_groups(
    stage("switch", "Routing", "send each record down the first branch whose condition is true",
          {{.name = "EXPR [", .type = expression, .help = "the condition of the branch behind it"}},
          {option("--all", 0, flag, {}, "every branch whose condition is true")},
          {{"two ways", "switch .a [ map .a ] else [ map .b ]", "", ""},
           {"one way", "switch .a [ map .a ]", "", ""}}),
    1, 100);
const Declaration split_sample = with_groups(
    stage(
        "split", "Routing", "two ways",
        {{.name = "EXPR", .type = expression, .help = "true goes the first way"}}, {},
        {{"two ways", "split .a [ map .a ] [ map .b ]", "", ""}, {"one", "split .a [ ] [ map .b ]", "", ""}}),
    2, 2);
const Declaration fanout_sample =
    with_groups(stage("fanout", "Routing", "copies down every branch", {}, {},
                      {{"two", "fanout [ map .a ] [ map .b ]", "", ""}, {"one", "fanout [ ]", "", ""}}),
                1, 100);
const Declaration retry_sample = with_groups(
    stage("retry", "Prefixes", "try again", {},
          {option("--attempts", 'n', count, "N", "tries at most", "3"),
           option("--if", 0, expression, "EXPR", "which failures")},
          {{"a map", "retry map .a", "", ""}, {"two stages", "retry [ map .a then map .b ]", "", ""}}),
    0, 0, true);
const Declaration catch_sample = with_groups(stage("catch", "Prefixes", "handle failures", {}, {},
                                                   {{"replace", "catch [ map .error ] map .a", "", ""},
                                                    {"drop", "catch [ filter false ] map .a", "", ""}}),
                                             1, 1, true);

}  // namespace

Declarations sample_stages() {
  static constexpr const Declaration* all[] = {
      &filter_sample,   &map_sample,    &flatten_sample, &take_sample, &dedupe_sample,
      &throttle_sample, &batch_sample,  &window_sample,  &tap_sample,  &switch_sample,
      &split_sample,    &fanout_sample, &retry_sample,   &catch_sample};
  return all;
}

}  // namespace sz::plan
