#include <algorithm>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class Batch final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    const auto k = key(item);
    if (!k) return fail(item, "expr");
    bool last = false;
    if (step().expr != nullptr) {
      const auto holds = step().expr->truthy(item.value);
      if (!holds) return fail(item, "expr");
      last = *holds;
    }
    const std::size_t size = trimmed(item.text).size();
    Open* open = open_.find(*k);
    if (open != nullptr && step().bytes && open->bytes + size > *step().bytes) {
      cut(open_.all().size() - 1, "bytes");
      open = nullptr;
    }
    if (open == nullptr) {
      if (open_.all().size() >= max_keys()) cut(0, "keys");
      open = &open_.add(*k);
      open->first = clock();
      open->number = ++opened_;
    }
    if (item.at > open->latest) {
      open->latest = item.at;
      open->came = item.came;
    }
    open->items.push_back(std::move(item));
    open->bytes += size;
    open->last = clock();
    const std::size_t here = open_.all().size() - 1;
    if (open->items.size() == step().n)
      cut(here, "size");
    else if (last)
      cut(here, "until");
    else if (step().bytes && open->bytes >= *step().bytes)
      cut(here, "bytes");
  }

  Ns due() const override {
    if (!step().span || open_.all().empty()) return forever;
    return open_.all()[first_opened()].second.first + *step().span;
  }
  Ns oldest() const override {
    Ns oldest = forever;
    for (const auto& [k, open] : open_.all()) oldest = std::min(oldest, open.came);
    return oldest;
  }
  void tick() override { cut(first_opened(), "every"); }
  void idle() override { cut_all("idle"); }
  void finish(bool) override { cut_all("end"); }

 private:
  struct Open {
    std::vector<Item> items;
    std::uint64_t bytes = 0, number = 0;
    Ns first = 0, last = 0;
    Ns latest = -forever, came = 0;  // the largest time, and when that record came
  };

  void cut_all(const char* reason) {
    while (!open_.all().empty()) cut(first_opened(), reason);
  }

  std::size_t first_opened() const {
    std::size_t first = 0;
    for (std::size_t i = 1; i < open_.all().size(); ++i)
      if (open_.all()[i].second.number < open_.all()[first].second.number) first = i;
    return first;
  }

  void cut(std::size_t i, const char* reason) {
    const std::string k = open_.all()[i].first;
    Open open = std::move(open_.all()[i].second);
    open_.erase(i);
    Item made;
    made.at = open.latest;
    made.came = open.came;
    Books::Node node;
    std::vector<ValuePtr> values;
    for (const Item& item : open.items) {
      node.members.push_back(item.origin);
      made.lines.insert(made.lines.end(), item.lines.begin(), item.lines.end());
      values.push_back(item.value);
    }
    made.value = array(std::move(values));
    if (step().wrap) {
      std::vector<std::pair<std::string, ValuePtr>> members = {
          {"records", made.value},
          {"count", number(std::to_string(open.items.size()))},
          {"reason", string_value(reason)},
          {"start", string_value(instant(open.first))},
          {"end", string_value(instant(open.last))}};
      if (step().by != nullptr) members.emplace_back("key", key_value(open.items.front()));
      made.value = object(std::move(members));
    }
    made.text = made.value->raw;
    made.origin = static_cast<int>(books().nodes.size());
    books().nodes.push_back(std::move(node));
    sums().merged += open.items.size();
    ++sums().made;
    emit(std::move(made));
  }

  ByKey<Open> open_;
  std::uint64_t opened_ = 0;
};

}  // namespace

std::unique_ptr<Model> make_batch_model(const Scenario& s, const Step& step, std::size_t index,
                                        Books& books) {
  return std::make_unique<Batch>(s, step, index, books);
}

}  // namespace sz::simulate
