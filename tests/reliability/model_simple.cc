#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "model.h"

namespace sz::simulate {
namespace {

class Filter final : public Model {
 public:
  using Model::Model;
  void record(Item item) override {
    const auto truthy = step().expr->truthy(item.value);
    if (!truthy) return fail(item, "expr");
    if (*truthy != step().invert)
      emit(std::move(item));
    else
      filter(item);
  }
};

class Map final : public Model {
 public:
  using Model::Model;
  void record(Item item) override {
    const Outputs outputs = step().expr->outputs(item.value);
    if (!outputs) return fail(item, "expr");
    if (step().expr->editing && item.value->tricky) books().uncertain = true;
    std::vector<Item> parts;
    const bool single = outputs->size() == 1;
    for (const Output& output : *outputs)
      parts.push_back({output.whole && single ? item.text : output.value->raw, output.value, 0, {}});
    emit_parts(item, std::move(parts));
  }
};

class Flatten final : public Model {
 public:
  using Model::Model;
  void record(Item item) override {
    const ValuePtr list = step().expr->value(item.value);
    if (list == nullptr) return fail(item, "expr");
    if (list->kind != Value::Kind::array) return fail(item, "type");
    std::vector<Item> parts;
    for (const ValuePtr& element : list->items) parts.push_back({element->raw, element, 0, {}});
    emit_parts(item, std::move(parts));
  }
};

class Tap final : public Model {
 public:
  using Model::Model;
  void record(Item item) override {
    (books().files[step().file] += item.text) += '\n';
    emit(std::move(item));
  }
};

/// The name that a value makes: every byte but a few as %XX, and a dot in front of all.
std::string encoded(std::string_view value) {
  std::string name;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '_' || c == '-' || (c == '.' && i != 0))
      name += c;
    else
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return name;
}

/// What it writes leaves like the output: the oracle takes it apart by Item::file.
class Write final : public Model {
 public:
  using Model::Model;
  void record(Item item) override {
    item.file = step().file;
    if (!step().mode.empty()) {
      const Value* value = item.value.get();
      if (step().mode != ".") {
        const ValuePtr* member = value->kind == Value::Kind::object ? value->find(step().mode) : nullptr;
        if (member == nullptr) return fail(item, "path");
        value = member->get();
      }
      const std::string& text = value->kind == Value::Kind::string ? value->text : value->raw;
      if (value->kind == Value::Kind::null || value->kind >= Value::Kind::array || text.empty())
        return fail(item, "path");
      const std::size_t open = item.file.find('{'), close = item.file.find('}');
      item.file.replace(open, close + 1 - open, encoded(text));
      if (!seen_.contains(item.file) && seen_.size() >= max_keys()) return fail(item, "full");
      seen_.insert(item.file);
    }
    emit(std::move(item));
  }

 private:
  std::set<std::string> seen_;
};

/// Steps that pass records on.
class Watch final : public Model {
 public:
  using Model::Model;
  void record(Item item) override { emit(std::move(item)); }
};

}  // namespace

std::unique_ptr<Model> make_simple_model(const Scenario& s, const Step& step, std::size_t index,
                                         Books& books) {
  if (step.stage == "filter") return std::make_unique<Filter>(s, step, index, books);
  if (step.stage == "map") return std::make_unique<Map>(s, step, index, books);
  if (step.stage == "flatten") return std::make_unique<Flatten>(s, step, index, books);
  if (step.stage == "tap") return std::make_unique<Tap>(s, step, index, books);
  if (step.stage == "write") return std::make_unique<Write>(s, step, index, books);
  if (step.stage == "watch" || step.stage == "merge") return std::make_unique<Watch>(s, step, index, books);
  throw std::logic_error("no model of " + step.stage);
}

}  // namespace sz::simulate
