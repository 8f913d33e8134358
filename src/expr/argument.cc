#include "expr/argument.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"

namespace sz::expr {

namespace {

/// The same error with its place in the file that the expression was read from.
PlanError in_file(PlanError fault, std::string_view file, std::string_view source, const SyntaxError& error) {
  // A fault at the end is shown where the text ends, not on the empty line behind it.
  const std::size_t text_end = source.find_last_not_of(" \t\r\n") + 1;  // 0 if there is none
  const std::size_t at = std::min(error.offset, text_end);
  const std::string_view before = source.substr(0, at);
  const std::size_t begin = before.rfind('\n') + 1;  // 0 if there is none
  const std::size_t end = std::min(source.find('\n', begin), source.size());
  fault.message = fmt::format("{}:{}: {}", quote(file), std::ranges::count(before, '\n') + 1, fault.message);
  fault.shown = source.substr(begin, end - begin);
  fault.offset = at - begin;
  fault.length = std::min(error.length, end - std::min(at, end));
  return fault;
}

}  // namespace

std::expected<Program, PlanError> compile_argument(const Arguments& arguments, std::string_view name,
                                                   const sz::Settings& settings) {
  const auto source = arguments.text(name);
  if (!source) return std::unexpected(arguments.error(name, "an expression is missing"));
  auto program = Program::compile(*source, {.max_steps = settings.max_steps,
                                            .max_value = settings.max_value,
                                            .direct = true,
                                            .named = settings.named,
                                            .inputs = settings.inputs,
                                            .environment = settings.environment,
                                            .say = settings.say});
  if (program) return std::move(*program);
  const SyntaxError& error = program.error();
  if (const auto file = arguments.text(file_of(name)))
    return std::unexpected(in_file(arguments.error(name, error.message, error.hint), *file, *source, error));
  return std::unexpected(arguments.error(name, error.message, error.hint, error.offset, error.length));
}

std::expected<std::optional<Program>, PlanError> compile_optional(const Arguments& arguments,
                                                                  std::string_view name,
                                                                  const sz::Settings& settings) {
  if (!arguments.text(name)) return std::optional<Program>();
  auto program = compile_argument(arguments, name, settings);
  if (!program) return std::unexpected(std::move(program.error()));
  return std::optional<Program>(std::move(*program));
}

std::expected<std::optional<Program>, PlanError> compile_key(const Arguments& arguments,
                                                             const sz::Settings& settings) {
  if (arguments.given("--max-keys") && !arguments.given("--by"))
    return std::unexpected(
        arguments.error("--max-keys", "--max-keys goes with --by", "without it there are no keys"));
  return compile_optional(arguments, "--by", settings);
}

}  // namespace sz::expr
