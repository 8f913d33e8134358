#include "expr/program.h"

#include <utility>
#include <vector>

#include "expr/blocks.h"
#include "expr/compiler.h"
#include "expr/context.h"
#include "expr/direct.h"
#include "expr/machine.h"

namespace sz::expr {

class Program::Impl {
 public:
  explicit Impl(const Settings& settings) : context(settings.max_steps, settings.max_value) {}

  void begin(Time now, const Line* line) {
    values.clear();
    rendered.clear();
    text.clear();
    context.begin(now, line);
  }
  std::unexpected<Error> error() {
    text = context.message();
    finish();
    return std::unexpected(Error(text));
  }
  std::unexpected<std::string> failure() {
    std::string message = context.message();
    finish();
    return std::unexpected(std::move(message));
  }
  void finish() {
    if (machine) machine->reset();
  }

  // Destroyed last to first: nothing that holds a Value may outlive the heap in the context.
  Context context;
  std::unique_ptr<Code> code;
  std::unique_ptr<Machine> machine;
  std::vector<Value> values;
  std::vector<Rendered> rendered;
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  std::string text;
};

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::expected<Program, SyntaxError> Program::compile(std::string_view source, const Settings& settings) {
  auto impl = std::make_unique<Impl>(settings);
  impl->context.inputs = settings.inputs;
  auto code = expr::compile(source, impl->context.heap, settings);
  if (!code) return std::unexpected(std::move(code.error()));
  impl->code = std::move(*code);
  impl->machine = std::make_unique<Machine>(*impl->code, impl->context);
  return Program(std::move(impl));
}

bool Program::uses_now() const { return impl_->code->uses_now; }
bool Program::deterministic() const { return !impl_->code->uses_environment; }
bool Program::direct() const { return impl_->code->whole != nullptr; }

std::expected<bool, Error> Program::truthy(const json::Node& input, Time now, const Line* line) {
  Impl& m = *impl_;
  if (m.code->whole) {
    m.context.begin(now, line);
    const direct::Truth t = direct::test(m.context, *m.code->whole, Value::of(input));
    if (t == direct::Truth::fault) return m.error();
    return t == direct::Truth::yes;
  }
  m.begin(now, line);
  m.machine->start(Value::of(input));
  for (;;) {
    switch (m.machine->next()) {
      case Machine::Status::done:
        return false;
      case Machine::Status::error:
        return m.error();
      case Machine::Status::output:
        if (m.machine->result().is_truthy()) {
          m.finish();
          return true;
        }
    }
  }
}

std::expected<std::span<const Value>, std::string> Program::outputs(const json::Node& input, Time now,
                                                                    const Line* line) {
  Impl& m = *impl_;
  m.begin(now, line);
  if (m.code->whole) {
    Value v = direct::evaluate(m.context, *m.code->whole, Value::of(input));
    if (v.is_fault()) return m.failure();
    if (!v.is_none()) m.values.push_back(std::move(v));
    return std::span<const Value>(m.values);
  }
  m.machine->start(Value::of(input));
  for (;;) {
    switch (m.machine->next()) {
      case Machine::Status::done:
        return std::span<const Value>(m.values);
      case Machine::Status::error:
        m.values.clear();
        return m.failure();
      case Machine::Status::output:
        m.values.push_back(std::move(m.machine->result()));
        if (!m.context.heap.fits(m.values.size() * sizeof(Value))) {
          m.values.clear();
          m.context.too_large();
          return m.failure();
        }
    }
  }
}

std::expected<Value, std::string> Program::value(const json::Node& input, Time now, const Line* line) {
  Impl& m = *impl_;
  m.begin(now, line);
  Value v;
  if (m.code->whole) {
    v = direct::evaluate(m.context, *m.code->whole, Value::of(input));
    if (v.is_fault()) return m.failure();
    if (v.is_none()) v = Value();
    return v;
  }
  m.machine->start(Value::of(input));
  const Machine::Status status = m.machine->next();
  if (status == Machine::Status::error) return m.failure();
  if (status == Machine::Status::output) v = std::move(m.machine->result());
  m.finish();
  return v;
}

std::expected<std::span<const Rendered>, std::string> Program::render(const json::Node& input, Time now,
                                                                      const Line* line) {
  Impl& m = *impl_;
  if (m.code->whole) {
    m.begin(now, line);
    json::Node part;
    switch (direct::render(m.context, *m.code->whole, Value::of(input), m.text, part)) {
      case direct::Rendering::text:
        m.rendered.push_back({m.text, json::Node()});
        break;
      case direct::Rendering::node:
        m.rendered.push_back({part.raw(), part});
        break;
      case direct::Rendering::none:
        break;
      case direct::Rendering::fault:
        return m.failure();
    }
    return std::span<const Rendered>(m.rendered);
  }
  const auto all = outputs(input, now, line);
  if (!all) return std::unexpected(all.error());
  m.spans.clear();
  for (const Value& v : *all) {
    const std::size_t begin = m.text.size();
    if (!v.is_node() && !v.append_json(m.text, m.context.max_value)) {
      m.context.too_large();
      return m.failure();
    }
    m.spans.emplace_back(begin, m.text.size() - begin);
  }
  for (std::size_t i = 0; i < all->size(); ++i) {
    const Value& v = (*all)[i];
    if (v.is_node()) {
      m.rendered.push_back({v.as_node().raw(), v.as_node()});
    } else {
      m.rendered.push_back(
          {std::string_view(m.text).substr(m.spans[i].first, m.spans[i].second), json::Node()});
    }
  }
  return std::span<const Rendered>(m.rendered);
}

}  // namespace sz::expr
