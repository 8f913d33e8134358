#include <algorithm>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "core/keyed.h"
#include "core/packed_time.h"
#include "stages/windows.h"

namespace sz::window {
namespace {

/// Records of one key with no gap between them.
struct Session {
  std::uint64_t records = 0;
  aggregate::States states;
  std::unique_ptr<Members> members;  // where windows carry records
  PackedTime first, last;            // the times of its records lie between
  std::uint32_t id = 0;              // what its timer says; 0: there is no session
};

/// The sessions of one key, in order of time. There may be a million keys, mostly with one session: that lies
/// in the object itself.
class Sessions {
 public:
  std::size_t size() const { return more_ ? more_->size() : one_.id != 0 ? 1 : 0; }
  Session* begin() { return more_ ? more_->data() : &one_; }
  Session* end() { return begin() + size(); }
  Session& operator[](std::size_t i) { return begin()[i]; }

  /// In front of session `i`.
  Session& insert(std::size_t i, Session session) {
    if (size() == 0 && !more_) return one_ = std::move(session);
    if (!more_) {
      more_ = std::make_unique<std::vector<Session>>();
      more_->push_back(std::exchange(one_, Session()));
    }
    return *more_->insert(more_->begin() + static_cast<std::ptrdiff_t>(i), std::move(session));
  }
  void erase(std::size_t i) {
    if (more_)
      more_->erase(more_->begin() + static_cast<std::ptrdiff_t>(i));
    else
      one_ = Session();
  }

 private:
  Session one_;
  std::unique_ptr<std::vector<Session>> more_;  // once there were two
};

class SessionWindows final : public WindowStage {
 public:
  SessionWindows(Duration gap, std::optional<Duration> most, Options options)
      : WindowStage(std::move(options)), gap_(gap), most_(most) {}

  void push(Record& record) override {
    const auto key = admit(record);
    if (!key) return;
    Time at = record.at;
    Slot slot = keys_.peek(*key);
    const auto find_place = [&] {
      return slot == Keyed<OfKey>::none ? none : place(keys_[slot].sessions, at);
    };
    std::size_t i = find_place();
    if (i == none && closes(at_instant(at)) <= settled()) {
      if (run().event_time) return push_late(record, *key, at);
      at = clock();
      i = find_place();
    }
    if (i == none) {
      if (slot == Keyed<OfKey>::none) {
        if (full(keys_.size(), record)) return;
        slot = keys_.insert(*key);
        keys_[slot].seen = ++seen_;
      }
      i = begin(slot, at);
    }
    OfKey& of_key = keys_[slot];
    Session& session = of_key.sessions[i];
    session.first = std::min<Time>(session.first, at);
    session.last = std::max<Time>(session.last, at);
    ++session.records;
    options_.aggregates.add(session.states, arrival(record));
    settle_in(record, session.members.get());
    if (!is_full(session)) i = join_neighbours(slot, i);
    if (is_full(keys_[slot].sessions[i])) cut(slot, i);
  }

  Time due() const override { return timers_.empty() ? never : Time(timers_.front().at); }

  // A timer says the earliest that its session could close when it was set; records have moved it since.
  void tick(Time t) override {
    closing_.clear();
    while (!timers_.empty() && due() <= t) {
      Timer timer = take_timer();
      const Session* session = find(timer);
      if (session == nullptr) continue;
      const Time at = closes(*session);
      if (at <= t) {
        closing_.push_back(entry(timer.slot, *session));
      } else {
        timer.at = at;
        set_timer(timer);
      }
    }
    close_sessions(std::string_view());
  }
  void idle() override { close_all("idle"); }
  void abandon() override {
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = keys_.oldest()) {
      for (Session& session : keys_[slot].sessions)
        if (session.members) give_up(*session.members);
      keys_.erase(slot);
    }
    timers_.clear();
  }

 private:
  struct OfKey {
    std::uint64_t seen = 0;
    Sessions sessions;  // more than `gap` apart unless --max parts them
  };
  using Slot = Keyed<OfKey>::Slot;
  struct Timer {
    PackedTime at;
    Slot slot;
    std::uint32_t id;
    friend bool operator<(const Timer& a, const Timer& b) {
      return Time(a.at) > Time(b.at);  // the earliest on top
    }
  };
  struct Closing {
    Time end, start;
    std::uint64_t seen;
    Slot slot;
    std::uint32_t id;
    friend bool operator<(const Closing& a, const Closing& b) {
      return std::tie(a.end, a.start, a.seen) < std::tie(b.end, b.start, b.seen);
    }
  };

  void finish() override { close_all("end"); }

  // A session stays open at its very end, for a record exactly `gap` after its last one; but its result
  // belongs before that end. So the stages behind must not take that instant for settled yet.
  void pass_clock(const Mark& m) override { WindowStage::pass_clock({m.clock, m.settled - Duration{1}}); }

  bool cut_short(const Session& session) const {
    return most_ && Time(session.first) + *most_ <= Time(session.last) + gap_;
  }
  Time end_of(const Session& session) const {
    return cut_short(session) ? Time(session.first) + *most_ : Time(session.last) + gap_;
  }
  /// A record exactly `gap` after the last one still belongs to it; one at the end that --max sets does not.
  Time closes(const Session& session) const {
    return end_of(session) + options_.lateness + Duration{cut_short(session) ? 0 : 1};
  }
  bool fits(const Session& session, Time at) const {
    if (at > Time(session.last) + gap_ || at + gap_ < Time(session.first)) return false;
    return !most_ || std::max<Time>(at, session.last) < std::min<Time>(at, session.first) + *most_;
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// The first session that takes a record of this time, or none.
  std::size_t place(Sessions& sessions, Time at) const {
    for (std::size_t i = 0; i < sessions.size(); ++i)
      if (fits(sessions[i], at)) return i;
    return none;
  }

  Session at_instant(Time at) const {
    Session session;
    session.first = session.last = at;
    return session;
  }
  std::uint32_t new_id() {
    if (++last_id_ == 0) ++last_id_;
    return last_id_;
  }
  /// A session without records.
  Session opened(Time at) {
    Session session = at_instant(at);
    session.id = new_id();
    session.states = options_.aggregates.make();
    if (options_.records) session.members = std::make_unique<Members>();
    return session;
  }

  std::size_t begin(Slot slot, Time at) {
    Sessions& sessions = keys_[slot].sessions;
    const auto i = static_cast<std::size_t>(
        std::ranges::upper_bound(sessions, at, {}, [](const Session& s) { return Time(s.first); }) -
        sessions.begin());
    const Session& made = sessions.insert(i, opened(at));
    set_timer({.at = closes(made), .slot = slot, .id = made.id});
    return i;
  }

  bool is_full(const Session& session) const {
    return options_.max_count != 0 && session.records >= options_.max_count;
  }

  /// A late record has moved a session's bounds: it may touch those beside it now. Of two that have more
  /// records than one may have the earlier is cut. Gives where the session is then, or the one behind it.
  std::size_t join_neighbours(Slot slot, std::size_t i) {
    Sessions& sessions = keys_[slot].sessions;
    const auto touch = [this](const Session& a, const Session& b) {
      return Time(b.first) <= Time(a.last) + gap_ &&
             (!most_ || std::max<Time>(a.last, b.last) < Time(a.first) + *most_);
    };
    const auto join_or_cut = [&](std::size_t earlier) {
      if (options_.max_count == 0 ||
          sessions[earlier].records + sessions[earlier + 1].records <= options_.max_count)
        join(sessions, earlier);
      else
        cut(slot, earlier);
    };
    if (i > 0 && touch(sessions[i - 1], sessions[i])) join_or_cut(--i);
    if (i + 1 < sessions.size() && touch(sessions[i], sessions[i + 1])) join_or_cut(i);
    return i;
  }
  void join(Sessions& sessions, std::size_t i) {
    Session& into = sessions[i];
    Session& from = sessions[i + 1];
    into.last = std::max<Time>(into.last, from.last);
    into.records += from.records;
    for (std::size_t k = 0; k < into.states.size(); ++k) aggregate::merge(into.states[k], from.states[k]);
    if (into.members)
      into.members->insert(into.members->end(), std::make_move_iterator(from.members->begin()),
                           std::make_move_iterator(from.members->end()));
    sessions.erase(i + 1);
  }

  void set_timer(const Timer& timer) {
    timers_.push_back(timer);
    std::push_heap(timers_.begin(), timers_.end());
  }
  Timer take_timer() {
    std::pop_heap(timers_.begin(), timers_.end());
    const Timer earliest = timers_.back();
    timers_.pop_back();
    return earliest;
  }
  const Session* find(const Timer& timer) {
    for (const Session& session : keys_[timer.slot].sessions)
      if (session.id == timer.id) return &session;
    return nullptr;
  }
  Closing entry(Slot slot, const Session& session) {
    return {.end = end_of(session),
            .start = session.first,
            .seen = keys_[slot].seen,
            .slot = slot,
            .id = session.id};
  }

  void push_late(Record& record, std::string_view key, Time at) {
    if (!fail_late(record, at + gap_)) return;
    Session alone = opened(at);
    alone.records = 1;
    options_.aggregates.add(alone.states, arrival(record));
    settle_in(record, alone.members.get());
    emit_session(alone, key, "late");
  }

  // Each session has a timer: now that of its end. So a million of them need no list beside.
  void close_all(std::string_view reason) {
    for (Timer& timer : timers_)
      if (const Session* session = find(timer)) timer.at = end_of(*session);
    std::make_heap(timers_.begin(), timers_.end());
    while (!timers_.empty()) {
      closing_.clear();
      for (const Time end = due(); due() == end;) {
        const Timer timer = take_timer();
        if (const Session* session = find(timer)) closing_.push_back(entry(timer.slot, *session));
      }
      close_sessions(reason);
    }
  }

  void close_sessions(std::string_view reason) {
    std::sort(closing_.begin(), closing_.end());
    for (const Closing& each : closing_) {
      Sessions& sessions = keys_[each.slot].sessions;
      const auto at = std::ranges::find(sessions, each.id, &Session::id);
      if (at != sessions.end()) take_out(each.slot, static_cast<std::size_t>(at - sessions.begin()), reason);
    }
  }

  void cut(Slot slot, std::size_t i) { take_out(slot, i, "count"); }

  void take_out(Slot slot, std::size_t i, std::string_view reason) {
    auto& sessions = keys_[slot].sessions;
    Session session = std::move(sessions[i]);
    sessions.erase(i);
    key_.assign(keys_.key(slot));
    if (sessions.size() == 0) keys_.erase(slot);
    emit_session(session, key_, !reason.empty() ? reason : cut_short(session) ? "max" : "gap");
  }

  void emit_session(Session& session, std::string_view key, std::string_view reason) {
    const Time last = end_of(session);
    const Time at = reason == "count" ? std::min(last - Duration{1}, clock()) : last - Duration{1};
    const Frame frame{.start = session.first,
                      .end = last,
                      .records = session.records,
                      .closed_by = reason,
                      .key = key,
                      .at = at,
                      .length = last - Time(session.first)};
    if (session.members)
      emit_records(frame, *session.members);
    else
      emit_result(frame, session.states);
  }

  Duration gap_;
  std::optional<Duration> most_;
  Keyed<OfKey> keys_;
  std::vector<Timer> timers_;  // a heap; one for each session, or more early ones
  std::vector<Closing> closing_;
  std::string key_;
  std::uint32_t last_id_ = 0;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Stage> make_session_windows(Duration gap, std::optional<Duration> most, Options options) {
  return std::make_unique<SessionWindows>(gap, most, std::move(options));
}

}  // namespace sz::window
