#include <string>

#include "expr/program.h"
#include "fuzz/fuzz.h"
#include "json/document.h"

// A program, a NUL and a record: both evaluators give the same, within small limits, and what they give is
// JSON.

using namespace sz;

namespace {

std::string evaluate(expr::Program& program, const json::Node& record, bool& limited) {
  const auto out = program.render(record, Time());
  if (!out) {
    limited = limited || out.error().find("(--max-") != std::string::npos;
    return "!" + out.error();
  }
  std::string text;
  json::Document document;
  for (const expr::Rendered& r : *out) {
    document.parse_valid(r.text);
    text += r.text;
    text += '\n';
  }
  return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text(data, size);
  const std::size_t middle = input.find('\0');
  if (middle == std::string_view::npos) return 0;
  json::Document document;
  const auto record = document.parse(input.substr(middle + 1));
  if (!record) return 0;
  expr::Settings settings;
  settings.max_steps = 20'000;
  settings.max_value = std::size_t{1} << 20;
  auto direct = expr::Program::compile(input.substr(0, middle), settings);
  settings.direct = false;
  auto machine = expr::Program::compile(input.substr(0, middle), settings);
  fuzz::require(direct.has_value() == machine.has_value());
  if (!direct) return 0;
  // The two count steps differently, so a limit may stop only one of them.
  bool limited = false;
  const std::string a = evaluate(*direct, *record, limited), b = evaluate(*machine, *record, limited);
  fuzz::require(limited || a == b);
  const std::string again = evaluate(*direct, *record, limited);
  fuzz::require(limited || a == again);
  return 0;
}
