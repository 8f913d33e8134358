#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenario.h"

namespace sz::simulate {

/// How a record or a line ends; the strongest is last.
enum class Fate : std::uint8_t { none, filtered, dropped, merged, out, failed };

/// A record of the oracle.
struct Item {
  std::string text;  ///< as it would be written
  ValuePtr value;
  int origin = 0;            ///< its node in Books
  std::vector<int> lines;    ///< the input lines behind it
  Ns at = 0;                 ///< its own time
  std::uint64_t number = 0;  ///< in the order in which records came to the step that holds it
  std::string file = {};     ///< of a record that left: the file that it ends in; empty is the output
  Ns came = 0;               ///< how far the stream was settled when it came to the step that holds it
};

/// 2024-01-01, the wall's time when a run starts.
inline constexpr Ns run_start = 1'704'067'200 * second;

/// What is to happen at the same instant happens in this order: the timers of a step before any record that
/// comes to it, then answers from outside, then new input. An event says which of these it came of.
inline constexpr int timers = 0, answers = 1, feeding = 2;

/// One thing that goes from one step to the next.
struct Event {
  enum class Type : std::uint8_t {
    record,
    advance,  ///< under --time: the stream's clock moved
    idle,     ///< no input came for --idle-timeout
    probe,    ///< only the wall's time has passed
    end,
  };
  Type type = Type::record;
  Ns wall = 0;
  int wall_rank = feeding;
  Ns clock = 0;    ///< the stream's; without --time the same as wall
  Ns settled = 0;  ///< under --time: the clock when the oldest of what is still held somewhere before came
  Item item;
  bool discard = false;  ///< an end that does not wait: nobody wants what is held
};

/// One step's account in records.
struct Sums {
  std::uint64_t in = 0, made = 0, out = 0, filtered = 0, merged = 0, failed = 0, dropped = 0;
  friend auto operator<=>(const Sums&, const Sums&) = default;
};

/// A failed record: one dead letter for each of its lines.
struct FailedItem {
  Item item;
  std::size_t index = 0;  ///< of the step, from 1; 0 is the input
  std::string kind;
  Ns wall = 0;
  int wall_rank = feeding;
};

/// What the oracle writes down while it works.
struct Books {
  /// A line, or what was merged: its members share its fate.
  struct Node {
    Fate strongest = Fate::none;
    std::vector<int> members;
  };
  std::vector<Node> nodes;
  std::vector<Sums> sums;  ///< by step
  std::vector<FailedItem> failures;
  std::map<std::string, std::string> files;  ///< what taps wrote
  std::vector<std::optional<Ns>> done;       ///< by step: when it wanted no more
  std::vector<std::pair<Ns, std::pair<std::size_t, bool>>>
      blocked;             ///< when which step began or ceased to hold input back
  bool uncertain = false;  ///< SPEC leaves the bytes open

  void settle(int node, Fate fate);
};

/// A step of the oracle: a function from the list of all that goes in to the list of all that comes out.
class Model {
 public:
  Model(const Scenario& scenario, const Step& step, std::size_t index, Books& books)
      : scenario_(scenario), step_(step), index_(index), books_(books) {
    if (scenario.event_time) now_.clock = -forever;
  }
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  std::vector<Event> run(std::vector<Event> in);

 protected:
  using Timer = std::pair<Ns, int>;  ///< when, and its rank

  virtual void record(Item item) = 0;
  virtual Ns due() const { return forever; }  ///< on the stream's clock
  virtual void tick() {}
  /// What the steps behind see of the clock while a timer of `t` fires.
  virtual Ns behind(Ns t) const { return t; }
  virtual Timer deadline() const { return {forever, 0}; }  ///< on the wall
  virtual void timeout() {}
  virtual void idle() {}
  virtual void finish(bool /*discard*/) {}
  /// Do its timers go by what is settled, and not by the clock?
  virtual bool waits_for_settled() const { return false; }
  /// `came` of the oldest record that waits for the stream here.
  virtual Ns oldest() const { return forever; }
  /// What the steps behind see of it as settled.
  virtual Ns settled_behind(Ns t) const { return t; }
  virtual bool holds_clock() const { return false; }
  virtual void hold_mark(const Event&) {}

  const Step& step() const { return step_; }
  const Scenario& scenario() const { return scenario_; }
  const Event& now() const { return now_; }
  Ns clock() const { return now_.clock; }
  Ns settled() const { return scenario_.event_time ? now_.settled : now_.clock; }
  Books& books() { return books_; }
  Sums& sums() { return books_.sums[index_ - 1]; }

  void emit(Item item);
  void emit_at(Item item, const Event& when);
  void pass(const Event& event);
  void filter(const Item& item);
  void drop(const Item& item);
  void fail(const Item& item, std::string kind);
  /// With --count-field F: the record with `count` in F; without it as it is.
  void emit_counted(Item item, std::uint64_t count);
  /// Several come of one: they share its node.
  void emit_parts(const Item& whole, std::vector<Item> parts);
  void block(bool on);
  void end_early();
  bool ended_early() const { return ended_early_; }
  /// The value of --by as text, empty without it; nothing is an error.
  std::optional<std::string> key(const Item& item) const;
  std::uint64_t max_keys() const;
  /// --by of it as a value to print.
  ValuePtr key_value(const Item& item);
  /// As RFC 3339 text.
  std::string instant(Ns t) const;
  void set_wall(Ns wall, int wall_rank);

 private:
  void fire_before(const Event& next);
  void settle(Ns with = forever);

  const Scenario& scenario_;
  const Step& step_;
  std::size_t index_;
  Books& books_;
  Event now_;
  std::vector<Event> out_;
  Ns settled_ = -forever, passed_ = -forever;  // as it came, and as it was passed on
  bool ended_early_ = false, blocked_ = false;
};

std::unique_ptr<Model> make_model(const Scenario& scenario, const Step& step, std::size_t index,
                                  Books& books);
std::unique_ptr<Model> make_simple_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_take_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_dedupe_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_debounce_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_sample_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_throttle_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_batch_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_window_model(const Scenario&, const Step&, std::size_t, Books&);
std::unique_ptr<Model> make_outside_model(const Scenario&, const Step&, std::size_t, Books&);

/// State by key, least recently used first.
template <class State>
class ByKey {
 public:
  State* find(const std::string& key) {
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i].first == key) {
        std::pair<std::string, State> used = std::move(all_[i]);
        all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
        all_.push_back(std::move(used));
        return &all_.back().second;
      }
    return nullptr;
  }
  State& add(const std::string& key) { return all_.emplace_back(key, State()).second; }
  std::vector<std::pair<std::string, State>>& all() { return all_; }
  const std::vector<std::pair<std::string, State>>& all() const { return all_; }
  void erase(std::size_t i) { all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i)); }

 private:
  std::vector<std::pair<std::string, State>> all_;
};

}  // namespace sz::simulate
