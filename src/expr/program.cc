#include "expr/program.h"

#include <optional>
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
  static constexpr std::size_t most_kept = std::size_t{1} << 20;

  explicit Impl(const Settings& settings) : context(settings.max_steps, settings.max_value) {}

  void begin(Time now, const Line* line) {
    values.clear();
    pieces.clear();
    text.clear();
    // A huge record does not keep its memory for the rest of the run.
    if (pieces.capacity() > most_kept) pieces.shrink_to_fit();
    if (text.capacity() > most_kept) text.shrink_to_fit();
    context.begin(now, line);
  }
  // Adds an output as text; false (with the error set) if all of them take too much.
  bool keep(const Value& v) {
    const std::size_t piece = sizeof(RenderedList::Piece);
    const std::size_t next = pieces.size() == pieces.capacity() ? 2 * pieces.capacity() : pieces.capacity();
    if (!context.heap.fits(next * piece + text.capacity())) return too_large();
    if (v.is_node()) {
      pieces.push_back({&v.as_node().slots(), v.as_node().slot()});
      return true;
    }
    if (!v.append_json(text, context.max_value - next * piece)) return too_large();
    pieces.push_back({nullptr, text.size()});
    return true;
  }
  direct::Flow take(Value v) {
    values.push_back(std::move(v));
    if (context.heap.fits(values.size() * sizeof(Value))) return direct::Flow::more;
    context.too_large();
    return direct::Flow::fault;
  }
  bool too_large() {
    context.too_large();
    return false;
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
    for (Value& local : context.locals) local = Value();
    if (machine) machine->reset();
  }

  // Destroyed last to first: nothing that holds a Value may outlive the heap in the context.
  Context context;
  std::unique_ptr<Code> code;
  std::optional<bool> constant;  // what truthy() always says
  std::unique_ptr<Machine> machine;
  std::vector<Value> values;
  std::vector<RenderedList::Piece> pieces;
  std::string text;
};

namespace {

std::optional<json::Node> field_at(const json::Node& object, std::span<const Name* const> names) {
  const auto found = object.field(names[0]->key);
  if (!found || names.size() == 1) return found;
  if (found->kind() != json::Kind::object) return std::nullopt;
  return field_at(*found, names.subspan(1));
}

}  // namespace

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::expected<Program, SyntaxError> Program::compile(std::string_view source, const Settings& settings) {
  auto impl = std::make_unique<Impl>(settings);
  impl->context.inputs = settings.inputs;
  impl->context.say = settings.say;
  auto code = expr::compile(source, impl->context.heap, settings);
  if (!code) return std::unexpected(std::move(code.error()));
  impl->code = std::move(*code);
  impl->machine = std::make_unique<Machine>(*impl->code, impl->context);
  impl->context.machine = impl->machine.get();
  impl->context.locals.resize(impl->code->locals);
  if (const auto& whole = impl->code->whole; whole && whole->type == direct::Type::constant)
    impl->constant = whole->constant.is_truthy();
  return Program(std::move(impl));
}

bool Program::uses_now() const { return impl_->code->uses_now; }
bool Program::deterministic() const { return !impl_->code->uses_environment; }
bool Program::direct() const { return impl_->code->whole != nullptr; }

std::expected<bool, Error> Program::truthy(const json::Node& input, Time now, const Line* line) {
  Impl& m = *impl_;
  if (m.constant) return *m.constant;
  if (m.code->whole) {
    m.context.begin(now, line);
    const direct::Truth t = direct::test(m.context, *m.code->whole, Value::of(input));
    if (t == direct::Truth::fault) return m.error();
    return t == direct::Truth::yes;
  }
  m.begin(now, line);
  if (m.code->stream) {
    bool found = false;
    auto look = [](void* self, Value v) {
      bool& truthy = *static_cast<bool*>(self);
      truthy = v.is_truthy();
      return truthy ? direct::Flow::stop : direct::Flow::more;
    };
    if (!direct::stream(m.context, *m.code->stream, Value::of(input), look, &found)) return m.error();
    return found;
  }
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
  if (m.code->stream) {
    auto take = [](void* self, Value v) { return static_cast<Impl*>(self)->take(std::move(v)); };
    if (!direct::stream(m.context, *m.code->stream, Value::of(input), take, &m)) {
      m.values.clear();
      return m.failure();
    }
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
        if (m.take(std::move(m.machine->result())) != direct::Flow::more) {
          m.values.clear();
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
  if (m.code->stream) {
    auto keep = [](void* self, Value first) {
      *static_cast<Value*>(self) = std::move(first);
      return direct::Flow::stop;
    };
    if (!direct::stream(m.context, *m.code->stream, Value::of(input), keep, &v)) return m.failure();
    return v;
  }
  m.machine->start(Value::of(input));
  const Machine::Status status = m.machine->next();
  if (status == Machine::Status::error) return m.failure();
  if (status == Machine::Status::output) v = std::move(m.machine->result());
  m.finish();
  return v;
}

// Nodes are handed on as they are returned: a copy of one that was just written waits for the store.
std::optional<json::Node> Program::part(const json::Node& input) const {
  const direct::Node* const whole = impl_->code->whole.get();
  if (whole == nullptr || whole->type != direct::Type::path || input.kind() != json::Kind::object)
    return std::nullopt;
  const auto& names = whole->names;
  if (names.size() == 1) return input.field(names[0]->key);
  return field_at(input, names);
}

std::expected<RenderedList, std::string> Program::render(const json::Node& input, Time now,
                                                         const Line* line) {
  Impl& m = *impl_;
  m.begin(now, line);
  if (m.code->whole) {
    json::Node part;
    switch (direct::render(m.context, *m.code->whole, Value::of(input), m.text, part)) {
      case direct::Rendering::text:
        m.pieces.push_back({nullptr, m.text.size()});
        break;
      case direct::Rendering::node:
        m.pieces.push_back({&part.slots(), part.slot()});
        break;
      case direct::Rendering::none:
        break;
      case direct::Rendering::fault:
        return m.failure();
    }
    return RenderedList(m.pieces, m.text);
  }
  if (m.code->stream) {
    auto keep = [](void* self, Value v) {
      return static_cast<Impl*>(self)->keep(v) ? direct::Flow::more : direct::Flow::fault;
    };
    if (!direct::stream(m.context, *m.code->stream, Value::of(input), keep, &m)) return m.failure();
    return RenderedList(m.pieces, m.text);
  }
  m.machine->start(Value::of(input));
  for (;;) {
    switch (m.machine->next()) {
      case Machine::Status::done:
        return RenderedList(m.pieces, m.text);
      case Machine::Status::error:
        return m.failure();
      case Machine::Status::output:
        if (!m.keep(m.machine->result())) return m.failure();
    }
  }
}

}  // namespace sz::expr
