#include <algorithm>
#include <iterator>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "core/keyed.h"
#include "stages/windows.h"

namespace sz::window {
namespace {

class SessionWindows final : public WindowStage {
 public:
  SessionWindows(Duration gap, std::optional<Duration> most, Options options)
      : WindowStage(std::move(options)), gap_(gap), most_(most) {}

  void push(Record& record) override {
    const auto key = admit(record);
    if (!key) return;
    const Time at = time_of(record);
    Slot slot = keys_.find(*key);
    std::size_t i = slot == Keyed<OfKey>::none ? 0 : place(keys_[slot].sessions, at);
    const bool joins = slot != Keyed<OfKey>::none && i < keys_[slot].sessions.size();
    if (!joins) {
      if (closes(Session{.first = at, .last = at, .states = {}, .members = {}}) <= clock())
        return push_late(record, *key, at);
      if (slot == Keyed<OfKey>::none) {
        if (full(keys_.size(), record)) return;
        slot = keys_.insert(*key);
        keys_[slot].seen = ++seen_;
      }
      i = begin(slot, at);
    }
    OfKey& of_key = keys_[slot];
    Session& session = of_key.sessions[i];
    session.first = std::min(session.first, at);
    session.last = std::max(session.last, at);
    ++session.records;
    options_.aggregates.add(session.states, arrival(record));
    settle_in(record, options_.records ? &session.members : nullptr);
    i = join_neighbours(of_key.sessions, i);
    if (options_.max_count != 0 && of_key.sessions[i].records >= options_.max_count) cut(slot, i);
  }

  Time due() const override { return timers_.empty() ? never : timers_.top().at; }

  // A timer says the earliest that its session could close when it was set; records have moved it since.
  void tick(Time t) override {
    closing_.clear();
    while (!timers_.empty() && timers_.top().at <= t) {
      Timer timer = timers_.top();
      timers_.pop();
      const Session* session = find(timer);
      if (session == nullptr) continue;
      const Time at = closes(*session);
      if (at <= t) {
        closing_.push_back(entry(timer.slot, *session));
      } else {
        timer.at = at;
        timers_.push(timer);
      }
    }
    close(std::string_view());
  }
  void idle() override { close_all("idle"); }
  void abandon() override {
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = keys_.oldest()) {
      for (Session& session : keys_[slot].sessions) give_up(session.members);
      keys_.erase(slot);
    }
    timers_ = {};
  }

 private:
  struct Session {
    Time first, last;  // the times of its records lie between
    std::uint64_t id = 0;
    std::uint64_t records = 0;
    aggregate::States states;
    Members members;
  };
  struct OfKey {
    std::uint64_t seen = 0;
    std::vector<Session> sessions;  // in order of time, more than `gap` apart unless --max parts them
  };
  using Slot = Keyed<OfKey>::Slot;
  struct Timer {
    Time at;
    Slot slot;
    std::uint64_t id;
    friend bool operator<(const Timer& a, const Timer& b) { return a.at > b.at; }  // the earliest on top
  };
  struct Closing {
    Time end, start;
    std::uint64_t seen;
    Slot slot;
    std::uint64_t id;
    friend bool operator<(const Closing& a, const Closing& b) {
      return std::tie(a.end, a.start, a.seen) < std::tie(b.end, b.start, b.seen);
    }
  };

  void finish() override { close_all("end"); }

  bool cut_short(const Session& session) const {
    return most_ && session.first + *most_ <= session.last + gap_;
  }
  Time end_of(const Session& session) const {
    return cut_short(session) ? session.first + *most_ : session.last + gap_;
  }
  /// A record exactly `gap` after the last one still belongs to it; one at the end that --max sets does not.
  Time closes(const Session& session) const {
    return end_of(session) + options_.lateness + Duration{cut_short(session) ? 0 : 1};
  }
  bool fits(const Session& session, Time at) const {
    if (at > session.last + gap_ || at + gap_ < session.first) return false;
    return !most_ || std::max(at, session.last) < std::min(at, session.first) + *most_;
  }

  /// The first session that takes a record of this time; their number if none does.
  std::size_t place(const std::vector<Session>& sessions, Time at) const {
    std::size_t i = 0;
    while (i < sessions.size() && !fits(sessions[i], at)) ++i;
    return i;
  }

  std::size_t begin(Slot slot, Time at) {
    auto& sessions = keys_[slot].sessions;
    const auto next = std::ranges::upper_bound(sessions, at, {}, &Session::first);
    const auto made = sessions.insert(
        next,
        Session{
            .first = at, .last = at, .id = ++last_id_, .states = options_.aggregates.make(), .members = {}});
    timers_.push({.at = closes(*made), .slot = slot, .id = made->id});
    return static_cast<std::size_t>(made - sessions.begin());
  }

  /// A late record has moved a session's bounds: it may touch those beside it now.
  std::size_t join_neighbours(std::vector<Session>& sessions, std::size_t i) {
    const auto touch = [this](const Session& a, const Session& b) {
      return b.first <= a.last + gap_ && (!most_ || std::max(a.last, b.last) < a.first + *most_);
    };
    if (i > 0 && touch(sessions[i - 1], sessions[i])) join(sessions, --i);
    if (i + 1 < sessions.size() && touch(sessions[i], sessions[i + 1])) join(sessions, i);
    return i;
  }
  void join(std::vector<Session>& sessions, std::size_t i) {
    Session& into = sessions[i];
    Session& from = sessions[i + 1];
    into.last = std::max(into.last, from.last);
    into.records += from.records;
    for (std::size_t k = 0; k < options_.aggregates.kinds().size(); ++k)
      aggregate::merge(into.states[k], options_.aggregates.kinds()[k], from.states[k]);
    into.members.insert(into.members.end(), std::make_move_iterator(from.members.begin()),
                        std::make_move_iterator(from.members.end()));
    sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(i + 1));
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
    Session alone{.first = at, .last = at, .records = 1, .states = options_.aggregates.make(), .members = {}};
    options_.aggregates.add(alone.states, arrival(record));
    settle_in(record, options_.records ? &alone.members : nullptr);
    emit_session(alone, key, "late");
  }

  void close_all(std::string_view reason) {
    closing_.clear();
    for (Slot slot = keys_.oldest(); slot != Keyed<OfKey>::none; slot = keys_.next(slot))
      for (const Session& session : keys_[slot].sessions) closing_.push_back(entry(slot, session));
    timers_ = {};
    close(reason);
  }

  void close(std::string_view reason) {
    std::sort(closing_.begin(), closing_.end());
    for (const Closing& each : closing_) {
      auto& sessions = keys_[each.slot].sessions;
      const auto at = std::ranges::find(sessions, each.id, &Session::id);
      take_out(each.slot, static_cast<std::size_t>(at - sessions.begin()), reason);
    }
  }

  void cut(Slot slot, std::size_t i) { take_out(slot, i, "count"); }

  void take_out(Slot slot, std::size_t i, std::string_view reason) {
    auto& sessions = keys_[slot].sessions;
    Session session = std::move(sessions[i]);
    sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(i));
    key_.assign(keys_.key(slot));
    if (sessions.empty()) keys_.erase(slot);
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
                      .length = last - session.first};
    if (options_.records)
      emit_records(frame, session.members);
    else
      emit_result(frame, session.states);
  }

  Duration gap_;
  std::optional<Duration> most_;
  Keyed<OfKey> keys_;
  std::priority_queue<Timer> timers_;  // one for each session, or more early ones
  std::vector<Closing> closing_;
  std::string key_;
  std::uint64_t last_id_ = 0, seen_ = 0;
};

}  // namespace

std::unique_ptr<Stage> make_session_windows(Duration gap, std::optional<Duration> most, Options options) {
  return std::make_unique<SessionWindows>(gap, most, std::move(options));
}

}  // namespace sz::window
