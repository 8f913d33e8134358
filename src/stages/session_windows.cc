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
  std::uint64_t records = 0;  // 0: there is no session
  aggregate::States states;
  std::unique_ptr<Members> members;  // where windows carry records
  PackedTime first, last;            // the times of its records lie between
};

/// The sessions of one key, in order of time. There may be a million keys, mostly with one session: that lies
/// in the object itself.
class Sessions {
 public:
  std::size_t size() const { return more_ ? more_->all.size() - more_->head : one_.records != 0 ? 1 : 0; }
  Session* begin() { return more_ ? more_->all.data() + more_->head : &one_; }
  Session* end() { return begin() + size(); }
  Session& operator[](std::size_t i) { return begin()[i]; }

  /// In front of session `i`.
  void insert(std::size_t i, Session session) {
    if (size() == 0 && !more_) {
      one_ = std::move(session);
      return;
    }
    if (!more_) {
      more_ = std::make_unique<More>();
      more_->all.push_back(std::exchange(one_, Session()));
    }
    more_->all.insert(more_->all.begin() + place(i), std::move(session));
  }
  /// The first one leaves in constant time.
  void erase(std::size_t i) {
    if (!more_) {
      one_ = Session();
    } else if (i != 0) {
      more_->all.erase(more_->all.begin() + place(i));
    } else {
      more_->all[more_->head++] = Session();
      if (2 * more_->head < more_->all.size()) return;
      more_->all.erase(more_->all.begin(), more_->all.begin() + place(0));
      more_->head = 0;
    }
  }

 private:
  struct More {
    std::vector<Session> all;
    std::size_t head = 0;  // so many have left
  };
  std::ptrdiff_t place(std::size_t i) const { return static_cast<std::ptrdiff_t>(more_->head + i); }

  Session one_;
  std::unique_ptr<More> more_;  // once there were two
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
    const bool fresh = i == none;
    if (fresh) {
      if (slot == Keyed<OfKey>::none) {
        if (full(keys_.size(), record)) return;
        slot = keys_.insert(*key);
        keys_[slot].seen = ++seen_;
      }
      i = begin(slot, at);
    }
    Session& session = keys_[slot].sessions[i];
    if (!fresh) take_in(slot, i, at);
    options_.aggregates.add(session.states, arrival(record));
    settle_in(record, session.members.get());
    if (!is_full(session)) i = join_neighbours(slot, i);
    if (is_full(keys_[slot].sessions[i])) cut(slot, i);
  }

  Time due() const override { return timers_.empty() ? never : Time(timers_.front().at); }

  void tick(Time t) override {
    closing_.clear();
    while (!timers_.empty() && due() <= t) {
      const Timer timer = take_timer();
      if (is_stale(timer)) continue;
      for (const Session& session : keys_[timer.slot].sessions) {
        if (const Time at = closes(session); at > t) {
          set_timer(timer.slot, at);
          break;
        }
        closing_.push_back(entry(timer.slot, session));
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
    Sessions sessions;        // more than `gap` apart unless --max parts them; first, last and end all grow
    std::uint32_t timer = 0;  // the one that counts
  };
  using Slot = Keyed<OfKey>::Slot;
  struct Timer {
    PackedTime at;  // when the first session closes, or earlier
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
    const auto before = [&](const Session& s) {
      return Time(s.last) + gap_ < at || (most_ && Time(s.first) + *most_ <= at);
    };
    Session* const found = std::partition_point(sessions.begin(), sessions.end(), before);
    return found != sessions.end() && fits(*found, at) ? static_cast<std::size_t>(found - sessions.begin())
                                                       : none;
  }

  Session at_instant(Time at) const {
    Session session;
    session.first = session.last = at;
    return session;
  }
  /// A session whose first record is to be added.
  Session opened(Time at) {
    Session session = at_instant(at);
    session.records = 1;
    session.states = options_.aggregates.make();
    if (options_.records) session.members = std::make_unique<Members>();
    return session;
  }

  std::size_t begin(Slot slot, Time at) {
    Sessions& sessions = keys_[slot].sessions;
    const auto i = static_cast<std::size_t>(
        std::ranges::upper_bound(sessions, at, {}, [](const Session& s) { return Time(s.first); }) -
        sessions.begin());
    sessions.insert(i, opened(at));
    if (i == 0) set_timer(slot, closes(sessions[0]));
    return i;
  }
  /// One more record comes into a session.
  void take_in(Slot slot, std::size_t i, Time at) {
    Session& session = keys_[slot].sessions[i];
    ++session.records;
    session.last = std::max<Time>(session.last, at);
    if (at >= Time(session.first)) return;
    session.first = at;
    if (most_ && i == 0) set_timer(slot, closes(session));
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

  /// From now on only this timer of the key counts.
  void set_timer(Slot slot, Time at) {
    constexpr std::size_t few = 64;
    if (timers_.size() > 2 * keys_.size() + few) drop_stale_timers();
    if (++last_timer_ == 0) ++last_timer_;
    keys_[slot].timer = last_timer_;
    timers_.push_back({.at = at, .slot = slot, .id = last_timer_});
    std::push_heap(timers_.begin(), timers_.end());
  }
  bool is_stale(const Timer& timer) { return keys_[timer.slot].timer != timer.id; }
  void drop_stale_timers() {
    std::erase_if(timers_, [this](const Timer& timer) { return is_stale(timer); });
    std::make_heap(timers_.begin(), timers_.end());
  }
  Timer take_timer() {
    std::pop_heap(timers_.begin(), timers_.end());
    const Timer earliest = timers_.back();
    timers_.pop_back();
    return earliest;
  }
  Closing entry(Slot slot, const Session& session) {
    return {.end = end_of(session), .start = session.first, .seen = keys_[slot].seen, .slot = slot};
  }

  void push_late(Record& record, std::string_view key, Time at) {
    if (!fail_late(record, at + gap_)) return;
    Session alone = opened(at);
    options_.aggregates.add(alone.states, arrival(record));
    settle_in(record, alone.members.get());
    emit_session(alone, key, "late");
  }

  // Each key has a timer: now that of its first session's end. So a million of them need no list beside.
  void close_all(std::string_view reason) {
    drop_stale_timers();
    for (Timer& timer : timers_) timer.at = end_of(keys_[timer.slot].sessions[0]);
    std::make_heap(timers_.begin(), timers_.end());
    while (!timers_.empty()) {
      closing_.clear();
      for (const Time end = due(); due() == end;) {
        const Timer timer = take_timer();
        Sessions& sessions = keys_[timer.slot].sessions;
        closing_.push_back(entry(timer.slot, sessions[0]));
        if (sessions.size() > 1) set_timer(timer.slot, end_of(sessions[1]));
      }
      close_sessions(reason);
    }
  }

  // Those of one key come in their order: each is its first one then.
  void close_sessions(std::string_view reason) {
    std::sort(closing_.begin(), closing_.end());
    for (const Closing& each : closing_) take_out(each.slot, 0, reason);
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
  std::vector<Timer> timers_;  // a heap; one for each key counts, the others are dropped some time
  std::vector<Closing> closing_;
  std::string key_;
  std::uint32_t last_timer_ = 0;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Stage> make_session_windows(Duration gap, std::optional<Duration> most, Options options) {
  return std::make_unique<SessionWindows>(gap, most, std::move(options));
}

}  // namespace sz::window
