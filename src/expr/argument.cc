#include "expr/argument.h"

#include <utility>

namespace sz::expr {

std::expected<Program, PlanError> compile_argument(const Arguments& arguments, std::string_view name,
                                                   const sz::Settings& settings) {
  const auto source = arguments.text(name);
  if (!source) return std::unexpected(arguments.error(name, "an expression is missing"));
  auto program =
      Program::compile(*source, {.max_steps = settings.max_steps, .max_value = settings.max_value});
  if (program) return std::move(*program);
  const SyntaxError& error = program.error();
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

}  // namespace sz::expr
