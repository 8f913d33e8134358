#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "model.h"

namespace sz::simulate {
namespace {

/// window and aggregate, the slow way: every record is kept, and each window is put together from all of
/// them.
class Windows final : public Model {
 public:
  using Model::Model;

  void record(Item item) override {
    const auto k = key(item);
    if (!k) return fail(item, "expr");
    const Ns at = scenario().event_time ? item.at : clock();
    if (kind() == "session") return into_session(std::move(item), *k, at);
    if (timed() && last_end(at) <= clock())
      return late(std::move(item), last_end(at) - *step().span, last_end(at));
    if (!admit(item, *k)) return;
    const std::uint64_t number = count_of(*k)++;
    take_in(item);
    entries_.push_back({std::move(item), *k, at, timed() ? next_end(std::max(at, clock())) : 0, number});
    if (kind() == "count") cut_by_number(*k);
    if (kind() == "total" && step().n && count_of(*k) == *step().n) close_total(*k, "count");
  }

  Ns due() const override {
    Ns first = forever;
    for (const Entry& entry : entries_)
      if (timed()) first = std::min(first, entry.next);
    for (const Session& session : sessions_) first = std::min(first, session.last + *step().span + 1);
    return first;
  }
  Ns behind(Ns t) const override { return t - 1; }
  void tick() override {
    if (kind() == "session")
      close_sessions("gap", clock());
    else
      close_windows(due(), "time");
  }
  void idle() override { close_all("idle"); }
  void finish(bool) override {
    if (kind() == "total" && !came_ && step().by == nullptr && !step().n) emit_made("", {}, {}, nullptr);
    close_all("end");
  }

 private:
  struct Entry {
    Item item;
    std::string key;
    Ns at, next;           // next: the end of the window that takes it next
    std::uint64_t number;  // among those of its key
  };
  struct Session {
    std::string key;
    Ns first, last;
    std::vector<Item> items;
  };
  struct Key {
    std::string name;
    ValuePtr value;
    std::uint64_t records = 0;
  };

  const std::string& kind() const { return step().mode; }
  bool timed() const { return kind() == "time"; }
  Ns slide() const { return step().slide.value_or(*step().span); }
  /// Windows are aligned to the epoch; without --time `at` counts from the start of the run.
  Ns floor_of(Ns at) const {
    const Ns since_epoch = at + (scenario().event_time ? 0 : run_start);
    return at - ((since_epoch % slide()) + slide()) % slide();
  }
  Ns last_end(Ns at) const { return floor_of(at) + *step().span; }
  /// The first end of a window behind `t`.
  Ns next_end(Ns t) const { return floor_of(t - *step().span) + slide() + *step().span; }

  std::vector<Key>::iterator find(const std::string& k) { return std::ranges::find(keys_, k, &Key::name); }
  std::uint64_t& count_of(const std::string& k) { return find(k)->records; }

  /// Is there room for its key? Keys are in the order in which they came since they were last forgotten.
  bool admit(Item& item, const std::string& k) {
    came_ = true;
    if (find(k) != keys_.end()) return true;
    if (keys_.size() >= max_keys()) return fail(item, "full"), false;
    keys_.push_back({k, step().by != nullptr ? key_value(item) : nullptr});
    return true;
  }

  void take_in(const Item& item) {
    ++sums().merged;
    if (step().sums) books().settle(item.origin, Fate::merged);
  }

  void late(Item item, Ns start, Ns end) {
    if (step().late == "drop") return drop(item);
    if (step().late != "emit") return fail(item, "late");
    take_in(item);
    std::vector<Item> alone;
    const ValuePtr k = step().by != nullptr ? key_value(item) : nullptr;
    alone.push_back(std::move(item));
    emit_made("late", start, end, k, std::move(alone));
  }

  void close_all(const char* reason) {
    if (kind() == "session") return close_sessions(reason, forever);
    while (timed() && !entries_.empty()) close_windows(due(), reason);
    if (kind() == "count") end_by_number(reason);
    while (kind() == "total" && !keys_.empty()) close_total(keys_.front().name, reason);
  }

  void close_windows(Ns end, const char* reason) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      std::vector<Item> in;
      for (Entry& entry : entries_) {
        if (entry.key != keys_[i].name || entry.next != end) continue;
        in.push_back(entry.item);
        entry.next += slide();
      }
      if (!in.empty()) emit_made(reason, end - *step().span, end, keys_[i].value, std::move(in));
    }
    std::erase_if(entries_, [this](const Entry& entry) { return entry.next > last_end(entry.at); });
    forget_keys();
  }

  void forget_keys() {
    std::erase_if(keys_, [this](const Key& key) {
      return std::ranges::find(entries_, key.name, &Entry::key) == entries_.end() &&
             std::ranges::find(sessions_, key.name, &Session::key) == sessions_.end();
    });
  }

  void into_session(Item item, const std::string& k, Ns at) {
    const Ns gap = *step().span;
    std::vector<std::size_t> near;
    for (std::size_t i = 0; i < sessions_.size(); ++i)
      if (sessions_[i].key == k && at <= sessions_[i].last + gap && at + gap >= sessions_[i].first)
        near.push_back(i);
    if (near.empty()) {
      if (at + gap + 1 <= clock()) return late(std::move(item), at, at + gap);
      if (!admit(item, k)) return;
      sessions_.push_back({k, at, at, {}});
      near.push_back(sessions_.size() - 1);
    }
    take_in(item);
    Session& into = sessions_[near.front()];
    into.first = std::min(into.first, at);
    into.last = std::max(into.last, at);
    for (std::size_t i = near.size(); i-- > 1;) {
      Session& other = sessions_[near[i]];
      into.first = std::min(into.first, other.first);
      into.last = std::max(into.last, other.last);
      into.items.insert(into.items.end(), other.items.begin(), other.items.end());
    }
    into.items.push_back(std::move(item));
    std::ranges::stable_sort(into.items, {}, [](const Item& i) { return i.number; });
    for (std::size_t i = near.size(); i-- > 1;)
      sessions_.erase(sessions_.begin() + static_cast<std::ptrdiff_t>(near[i]));
  }

  void close_sessions(const char* reason, Ns t) {
    const auto order = [this](const Session& session) {
      return std::tuple(session.last, session.first, find(session.key) - keys_.begin());
    };
    std::ranges::stable_sort(sessions_, {}, order);
    std::vector<Session> open;
    for (Session& session : sessions_) {
      if (session.last + *step().span + 1 <= t)
        emit_made(reason, session.first, session.last + *step().span, find(session.key)->value,
                  std::move(session.items));
      else
        open.push_back(std::move(session));
    }
    sessions_ = std::move(open);
    forget_keys();
  }

  void cut_by_number(const std::string& k) {
    const std::uint64_t size = *step().n, by = step().slide_n.value_or(size), have = count_of(k);
    if (have < size || (have - size) % by != 0) return;
    emit_numbers(k, have - size, have, "count");
    std::erase_if(entries_, [&](const Entry& e) { return e.key == k && e.number < have - size + by; });
    if (by == size) forget_keys();
  }
  void end_by_number(const char* reason) {
    const std::uint64_t size = *step().n, by = step().slide_n.value_or(size);
    for (const Key& key : std::vector<Key>(keys_))
      for (std::uint64_t begin = 0; begin < key.records; begin += by)
        if (begin + size > key.records) emit_numbers(key.name, begin, begin + size, reason);
    entries_.clear();
    forget_keys();
  }
  void emit_numbers(const std::string& k, std::uint64_t from, std::uint64_t to, const char* reason) {
    std::vector<Item> in;
    Ns first = forever, last = -forever;
    for (const Entry& entry : entries_) {
      if (entry.key != k || entry.number < from || entry.number >= to) continue;
      in.push_back(entry.item);
      first = std::min(first, entry.at);
      last = std::max(last, entry.at);
    }
    emit_made(reason, first, last, find(k)->value, std::move(in));
  }

  void close_total(const std::string& k, const char* reason) {
    std::vector<Item> in;
    for (const Entry& entry : entries_)
      if (entry.key == k) in.push_back(entry.item);
    emit_made(reason, {}, {}, find(k)->value, std::move(in));
    std::erase_if(entries_, [&](const Entry& entry) { return entry.key == k; });
    forget_keys();
  }

  void emit_made(const char* reason, std::optional<Ns> start, std::optional<Ns> end, const ValuePtr& k,
                 std::vector<Item> items = {}) {
    std::vector<std::pair<std::string, ValuePtr>> members;
    if (kind() != "total") {
      members.emplace_back("start", string_value(instant(*start)));
      members.emplace_back("end", string_value(instant(*end)));
    }
    if (k != nullptr) members.emplace_back("key", k);
    if (step().stage == "window") {
      members.emplace_back("count", number(std::to_string(items.size())));
      members.emplace_back("closed_by", string_value(reason));
    }
    Item made;
    Books::Node node;
    std::vector<ValuePtr> values;
    for (const Item& item : items) {
      if (!step().sums) {
        node.members.push_back(item.origin);
        made.lines.insert(made.lines.end(), item.lines.begin(), item.lines.end());
      }
      if (!step().sums || item.value->kind != Value::Kind::null) values.push_back(item.value);
    }
    if (!step().sums) {
      members.emplace_back("records", array(std::move(values)));
    } else {
      members.emplace_back("n", number(std::to_string(items.size())));
      const bool none = values.empty();
      const ValuePtr first = none ? null_value() : values.front(), last = none ? null_value() : values.back();
      members.emplace_back("l", none ? null_value() : array(std::move(values)));
      members.emplace_back("f", first);
      members.emplace_back("z", last);
    }
    made.value = object(std::move(members));
    made.text = made.value->raw;
    made.at = kind() == "total" ? clock() : kind() == "count" ? *end : *end - 1;
    made.origin = static_cast<int>(books().nodes.size());
    books().nodes.push_back(std::move(node));
    ++sums().made;
    emit(std::move(made));
  }

  std::vector<Entry> entries_;  // in order of arrival
  std::vector<Session> sessions_;
  std::vector<Key> keys_;
  bool came_ = false;
};

}  // namespace

std::unique_ptr<Model> make_window_model(const Scenario& s, const Step& step, std::size_t index,
                                         Books& books) {
  return std::make_unique<Windows>(s, step, index, books);
}

}  // namespace sz::simulate
