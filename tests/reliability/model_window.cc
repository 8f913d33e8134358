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
    Ns at = item.at;
    if (kind() == "session") return into_session(std::move(item), *k, at);
    if (timed() && is_closed(last_end(at))) {
      if (scenario().event_time) return late(std::move(item), last_end(at) - *step().span, last_end(at));
      at = clock();
    }
    if (!admit(item, *k)) return;
    const std::uint64_t number = count_of(*k)++;
    if (Key& of = *find(*k); at >= of.latest) {
      of.latest = at;
      of.came = item.came;
    }
    take_in(item);
    const Ns came = item.at;
    entries_.push_back(
        {std::move(item), *k, at, timed() ? next_end(std::max(at, all_closed_until())) : 0, number});
    if (kind() == "count") cut_by_number(*k);
    if (kind() == "total") total_so_far(*k, came);
    if (timed() && (step().most || step().running)) pane_so_far(*k, last_end(at), came);
  }

  Ns due() const override {
    Ns first = forever;
    for (const Session& session : sessions_) first = std::min(first, closes(session));
    const Ns end = end_due();
    if (end != forever) first = std::min(first, end + scenario().lateness);
    return first == forever || scenario().event_time ? first : std::max(first, clock());
  }
  Ns behind(Ns t) const override { return t - 1; }
  bool waits_for_settled() const override { return timed() || kind() == "session"; }
  /// A session is still open at its end.
  Ns settled_behind(Ns t) const override { return kind() == "session" ? t - 1 : t; }
  /// The time of a window of so many records is the largest that it has.
  Ns oldest() const override {
    Ns first = forever;
    if (kind() == "count")
      for (const Key& key : keys_) first = std::min(first, key.came);
    return first;
  }
  void tick() override {
    if (kind() == "session")
      close_sessions("", settled());
    else
      close_windows(end_due(), "time");
  }
  void idle() override { close_all("idle"); }
  void finish(bool) override {
    if (kind() == "total" && !came_ && step().by == nullptr && !step().n && !step().running)
      emit_made("", {}, {}, nullptr);
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
    bool filled = false;                   // --fill-empty follows it: it has had a window
    Ns filled_to = 0;                      // the end of the last one that was made
    Ns latest = -forever, came = forever;  // its largest time, and when that record came
  };
  /// A window that --max-count cut: the key stays until its end, and it is not filled.
  struct Cut {
    std::string key;
    Ns end;
  };

  const std::string& kind() const { return step().mode; }
  bool timed() const { return kind() == "time"; }
  Ns slide() const { return step().slide.value_or(*step().span); }
  /// Windows are aligned to the epoch; without --time `at` counts from the start of the run.
  Ns floor_of(Ns at) const {
    const Ns since_epoch = at + (scenario().event_time ? 0 : run_start) - step().offset.value_or(0);
    return at - ((since_epoch % slide()) + slide()) % slide();
  }
  Ns last_end(Ns at) const { return floor_of(at) + *step().span; }
  /// The first end of a window behind `t`.
  Ns next_end(Ns t) const { return floor_of(t - *step().span) + slide() + *step().span; }

  /// No window with an end until then is open. On the wall nothing is late: what a window that has closed
  /// should have had goes where it comes.
  Ns all_closed_until() const { return settled() - scenario().lateness; }
  bool is_closed(Ns end) const { return end <= all_closed_until(); }

  /// The end of the window that closes next.
  Ns end_due(bool all = false) const {
    Ns first = forever;
    for (const Entry& entry : entries_)
      if (timed()) first = std::min(first, entry.next);
    for (const Cut& cut : cuts_) first = std::min(first, cut.end);
    for (const Key& key : keys_)
      if (key.filled && (!all || has_more(key))) first = std::min(first, key.filled_to + slide());
    return first;
  }

  bool has_more(const Key& key) const {
    return std::ranges::find(entries_, key.name, &Entry::key) != entries_.end() ||
           std::ranges::find(cuts_, key.name, &Cut::key) != cuts_.end();
  }
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
    while (timed() && (!entries_.empty() || !cuts_.empty())) close_windows(end_due(true), reason, true);
    if (timed()) forget_keys();
    if (kind() == "count") end_by_number(reason);
    while (kind() == "total" && !keys_.empty()) close_total(keys_.front().name, reason);
  }

  /// `all`: nothing more is to come; an empty window with nothing behind it is not made.
  void close_windows(Ns end, const char* reason, bool all = false) {
    for (Key& key : keys_) {
      std::vector<Item> in;
      bool more = false;
      for (Entry& entry : entries_) {
        if (entry.key != key.name) continue;
        if (entry.next == end) {
          in.push_back(entry.item);
          entry.next += slide();
        }
        more |= entry.next <= last_end(entry.at);
      }
      const auto is_cut = [&](const Cut& cut) { return cut.key == key.name && cut.end == end; };
      const bool cut = std::erase_if(cuts_, is_cut) != 0;
      more |= std::ranges::find(cuts_, key.name, &Cut::key) != cuts_.end();
      const bool some = !in.empty() || cut;
      if (step().running) continue;
      const bool fills = !some && key.filled && key.filled_to < end && (!all || more);
      if (!in.empty() || fills) emit_made(reason, end - *step().span, end, key.value, std::move(in));
      if (some || fills) key.filled_to = key.filled ? std::max(key.filled_to, end) : end;
      key.filled |= step().fill && some;
    }
    std::erase_if(entries_, [this](const Entry& entry) { return entry.next > last_end(entry.at); });
    forget_keys();
  }

  void forget_keys() {
    std::erase_if(keys_, [this](const Key& key) {
      return !key.filled && std::ranges::find(entries_, key.name, &Entry::key) == entries_.end() &&
             std::ranges::find(cuts_, key.name, &Cut::key) == cuts_.end() &&
             std::ranges::find(sessions_, key.name, &Session::key) == sessions_.end();
    });
  }

  /// Tumbling: --running shows the window after each record, and so many records cut it.
  void pane_so_far(const std::string& k, Ns end, Ns came) {
    std::vector<Item> in;
    const auto is_in = [&](const Entry& e) { return e.key == k && last_end(e.at) == end; };
    for (const Entry& entry : entries_)
      if (is_in(entry)) in.push_back(entry.item);
    const std::size_t records = in.size();
    const ValuePtr shown = find(k)->value;
    if (step().running) emit_made("", end - *step().span, end, shown, in, came);
    if (records != step().most) return;
    std::erase_if(entries_, is_in);
    if (std::ranges::find_if(cuts_, [&](const Cut& c) { return c.key == k && c.end == end; }) == cuts_.end())
      cuts_.push_back({k, end});
    if (!step().running)
      emit_made("count", end - *step().span, end, shown, std::move(in), std::min(end - 1, clock()));
  }
  void total_so_far(const std::string& k, Ns came) {
    std::vector<Item> in;
    for (const Entry& entry : entries_)
      if (entry.key == k) in.push_back(entry.item);
    const bool last = in.size() == step().n;
    if (last || step().running) emit_made("", {}, {}, find(k)->value, std::move(in), came);
    if (!last) return;
    std::erase_if(entries_, [&](const Entry& entry) { return entry.key == k; });
    forget_keys();
  }

  bool cut_short(const Session& session) const {
    return step().longest && session.first + *step().longest <= session.last + *step().span;
  }
  Ns end_of(const Session& session) const {
    return cut_short(session) ? session.first + *step().longest : session.last + *step().span;
  }
  Ns closes(const Session& session) const {
    return end_of(session) + scenario().lateness + (cut_short(session) ? 0 : 1);
  }
  /// Two spans of one key are one session: at most the gap apart, and together within --max.
  bool one(Ns first, Ns last, Ns other_first, Ns other_last) const {
    const Ns gap = *step().span;
    return other_first <= last + gap && first <= other_last + gap &&
           (!step().longest || std::max(last, other_last) - std::min(first, other_first) < *step().longest);
  }

  /// The earliest session that can take it does, and then takes in those beside it: first the one before.
  void into_session(Item item, const std::string& k, Ns at) {
    const auto fits = [&](const Session& s) { return s.key == k && one(s.first, s.last, at, at); };
    auto into = std::ranges::find_if(sessions_, fits);
    if (into == sessions_.end()) {
      if (closes({k, at, at, {}}) <= settled()) {
        if (scenario().event_time) return late_session(std::move(item), at);
        return into_session(std::move(item), k, clock());
      }
      if (!admit(item, k)) return;
      into = std::ranges::find_if(sessions_, [&](const Session& s) { return s.key == k && s.first > at; });
      into = sessions_.insert(into, {k, at, at, {}});
    }
    take_in(item);
    into->first = std::min(into->first, at);
    into->last = std::max(into->last, at);
    into->items.push_back(std::move(item));
    auto i = static_cast<std::size_t>(into - sessions_.begin());
    if (!is_full(sessions_[i].items.size())) {
      if (const auto before = beside(i, -1); before && touch(*before, i)) i = join_or_cut(*before, i);
      if (const auto behind = beside(i, 1); behind && touch(i, *behind)) i = join_or_cut(i, *behind);
    }
    if (!scenario().event_time && closes(sessions_[i]) <= clock()) books().uncertain = true;
    if (is_full(sessions_[i].items.size())) cut(i);
  }
  bool is_full(std::size_t items) const { return step().most && items >= *step().most; }
  /// Two that have more records together than one may have: the earlier is cut, and the later goes on.
  std::size_t join_or_cut(std::size_t a, std::size_t b) {
    if (!step().most || sessions_[a].items.size() + sessions_[b].items.size() <= *step().most)
      return join(a, b);
    cut(a);
    return b - 1;
  }
  void cut(std::size_t i) {
    Session full = std::move(sessions_[i]);
    sessions_.erase(sessions_.begin() + static_cast<std::ptrdiff_t>(i));
    const Ns end = end_of(full);
    const ValuePtr shown = find(full.key)->value;
    forget_keys();
    emit_made("count", full.first, end, shown, std::move(full.items), std::min(end - 1, clock()));
  }
  bool touch(std::size_t a, std::size_t b) const {
    return one(sessions_[a].first, sessions_[a].last, sessions_[b].first, sessions_[b].last);
  }
  /// The next one of its key: towards 1 behind it, -1 before it.
  std::optional<std::size_t> beside(std::size_t i, int towards) const {
    const auto by = static_cast<std::size_t>(towards);
    for (std::size_t at = i + by; at < sessions_.size(); at += by)
      if (sessions_[at].key == sessions_[i].key) return at;
    return std::nullopt;
  }
  std::size_t join(std::size_t a, std::size_t b) {
    Session &into = sessions_[a], &from = sessions_[b];
    into.first = std::min(into.first, from.first);
    into.last = std::max(into.last, from.last);
    into.items.insert(into.items.end(), from.items.begin(), from.items.end());
    std::ranges::stable_sort(into.items, {}, [](const Item& i) { return i.number; });
    sessions_.erase(sessions_.begin() + static_cast<std::ptrdiff_t>(b));
    return a;
  }
  void late_session(Item item, Ns at) {
    const Session alone{{}, at, at, {}};
    late(std::move(item), at, end_of(alone));
  }

  void close_sessions(const char* reason, Ns t) {
    std::vector<Session> closing, open;
    for (Session& session : sessions_) (closes(session) <= t ? closing : open).push_back(std::move(session));
    std::ranges::stable_sort(closing, {}, [this](const Session& s) {
      return std::tuple(end_of(s), s.first, find(s.key) - keys_.begin());
    });
    sessions_ = std::move(open);
    for (Session& s : closing) {
      const char* const why = *reason != '\0' ? reason : cut_short(s) ? "max" : "gap";
      emit_made(why, s.first, end_of(s), find(s.key)->value, std::move(s.items));
    }
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
    if (!step().running) emit_made(reason, {}, {}, find(k)->value, std::move(in));
    std::erase_if(entries_, [&](const Entry& entry) { return entry.key == k; });
    forget_keys();
  }

  void emit_made(const char* reason, std::optional<Ns> start, std::optional<Ns> end, const ValuePtr& k,
                 std::vector<Item> items = {}, std::optional<Ns> at = {}) {
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
    made.came = forever;  // where it matters its key is still there, with all that the result waited for
    made.at = at ? *at : kind() == "total" ? clock() : kind() == "count" ? *end : *end - 1;
    made.origin = static_cast<int>(books().nodes.size());
    books().nodes.push_back(std::move(node));
    ++sums().made;
    emit(std::move(made));
  }

  std::vector<Entry> entries_;     // in order of arrival
  std::vector<Session> sessions_;  // of each key in order of time
  std::vector<Cut> cuts_;
  std::vector<Key> keys_;
  bool came_ = false;
};

}  // namespace

std::unique_ptr<Model> make_window_model(const Scenario& s, const Step& step, std::size_t index,
                                         Books& books) {
  return std::make_unique<Windows>(s, step, index, books);
}

}  // namespace sz::simulate
