#include "stages/driver.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include "core/declaration.h"
#include "expr/argument.h"
#include "json/number.h"
#include "plan/command.h"
#include "plan/report.h"
#include "plan/shell_words.h"
#include "run/chain.h"
#include "stages/outside.h"

namespace sz::stages_test {
namespace {

constexpr int too_many_timers = 1'000'000;
constexpr RequestId scripted_from = RequestId{1} << 40;  // the ids of scripted requests come behind it

std::optional<Time> time_of(const expr::Value& value) {
  std::string text;
  if (value.is_string()) return parse_rfc3339(value.text(text));
  if (!value.is_number()) return std::nullopt;
  value.append_json(text);
  return parse_epoch(text);
}

}  // namespace

class Driver::Impl final : public Run, public Failures, public SideFiles {
 public:
  Impl(run::Chain chain, std::optional<expr::Program> time, bool originals)
      : chain_(std::move(chain)), time_(std::move(time)) {
    event_time = time_.has_value();
    keep_originals = originals || chain_.needs_originals();
    chain_.bind(*this, sink_, *this);
    for (const auto& stage : chain_.stages()) EXPECT_TRUE(stage->open(*this));
    settle();
  }

  ~Impl() override {
    check();
    if (!sink_.ended) return;
    EXPECT_EQ(0u, held());
    EXPECT_TRUE(ledger.balanced());
  }

  void to(Time t) {
    settle();
    for (Time next = next_event(); next <= t; next = next_event()) {
      now = std::max(now, next);
      settle();
    }
    jump(t);
  }
  void jump(Time t) {
    now = std::max(now, t);
    settle();
    check();
  }
  void push(std::string_view line) {
    backlog_.emplace_back(line);
    settle();
    check();
  }
  void end() {
    input_over_ = true;
    settle();
    while (!ended()) {
      const Time next = next_event();
      if (next == never) {
        ADD_FAILURE() << "records are held and nothing will release them";
        break;
      }
      now = std::max(now, next);
      settle();
    }
    check();
  }
  void idle() {
    for (const auto& stage : chain_.stages()) stage->idle();
    settle();
    check();
  }
  void end_of_input() {
    input_over_ = true;
    settle();
    check();
  }
  void answer(std::size_t i, Result result) {
    ASSERT_LT(i, asked.size()) << "nothing was asked";
    ready_.emplace_back(i, std::move(result));
    settle();
    check();
  }
  void abandon() {
    backlog_.clear();
    for (const auto& stage : chain_.stages()) stage->abandon();
    send_end();
    for (const auto& stage : chain_.stages()) stage->abandon();
    settle();
    EXPECT_TRUE(ended()) << "abandoned and still something is held";
    check();
  }

  bool ended() const { return end_sent_ && sink_.ended && held() == 0; }
  std::size_t held() const {
    std::size_t sum = 0;
    for (const auto& stage : chain_.stages()) sum += stage->held();
    return sum;
  }
  /// Records that wait for their turn in a join, which no stage accounts for.
  std::size_t joining() const {
    std::size_t sum = 0;
    for (const auto& stage : chain_.stages())
      if (const auto* composite = dynamic_cast<const Composite*>(stage.get())) sum += composite->joining();
    return sum;
  }
  const run::Chain& chain() const { return chain_; }

  std::vector<Event> events;
  std::vector<Driver::Asked> asked;
  std::function<Result(const Request&)> answerer;
  std::deque<std::string> backlog_;
  bool end_sent_ = false;

 private:
  struct Sink final : Out {
    explicit Sink(Impl& i) : impl(i) {}
    void push(Record& record) override {
      EXPECT_FALSE(ended) << "a record after the end: " << record.text();
      EXPECT_TRUE(record.origin);
      ++records;
      impl.events.push_back({.kind = Event::Kind::out,
                             .wall = impl.wall(),
                             .stream = clock,
                             .at = record.at,
                             .text = std::string(record.text())});
      record.origin.settle(impl.ledger, Verdict::out);
    }
    void advance(const Mark& to) override {
      EXPECT_TRUE(impl.event_time);
      EXPECT_FALSE(ended) << "the clock moves after the end";
      EXPECT_GE(to.clock, clock) << "the clock goes back";
      EXPECT_GE(to.settled, settled) << "what was settled is open again";
      EXPECT_LE(to.settled, to.clock);
      clock = to.clock;
      settled = to.settled;
    }
    void end() override {
      EXPECT_FALSE(ended) << "ended twice";
      ended = true;
      impl.say(Event::Kind::end, {}, {});
    }
    Impl& impl;
    Time clock = Time::min(), settled = Time::min();
    std::uint64_t records = 0;
    bool ended = false;
  };
  struct File final : SideFile {
    File(Impl& i, std::string n) : impl(i), name(std::move(n)) {}
    void write(std::string_view bytes) override {
      text += bytes;
      for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n')) {
        impl.say(Event::Kind::side, name, text.substr(0, at));
        text.erase(0, at + 1);
      }
    }
    Impl& impl;
    std::string name, text;
  };
  struct Tree final : SideTree {
    Tree(Impl& i, std::string n, std::uint64_t m) : impl(i), name(std::move(n)), most(m) {}
    std::expected<void, Failure> write(std::string_view file, std::string_view line) override {
      if (files.insert(std::string(file)).second && most != 0 && files.size() > most)
        return std::unexpected(Failure{.kind = FailureKind::full, .error = "more files than --max-keys"});
      impl.say(Event::Kind::side, name + std::string(file), std::string(line));
      return {};
    }
    Impl& impl;
    std::string name;
    std::uint64_t most;
    std::set<std::string> files;
  };

  RequestId start(Stage& stage, Request request) override {
    if (stage.name() == "outside") return start_scripted(stage, request);
    asked.push_back({.id = asked.size() + 1, .stage = &stage, .request = std::move(request)});
    if (answerer) ready_.emplace_back(asked.size() - 1, answerer(asked.back().request));
    return asked.back().id;
  }
  // The record says how its work goes: see outside.h. Its tries are told apart by its text.
  RequestId start_scripted(Stage& stage, const Request& request) {
    json::Document document;
    const json::Node record = document.parse_valid(request.input);
    const auto number = [&](std::string_view key, double otherwise) {
      if (record.kind() != json::Kind::object) return otherwise;
      for (const auto& member : record.members())
        if (member.key.string_is(key))
          if (const auto value = json::parse_number(member.value.raw())) return value->d;
      return otherwise;
    };
    Result result;
    const auto tried = static_cast<double>(tries_[{&stage, request.input}]++);
    if (tried < number("fails", 0)) result.number = static_cast<int>(number("exit", 1));
    ++requests_;
    if (number("never", 0) == 0) {
      const Time at = now + Duration{static_cast<std::int64_t>(number("after", 0) * 1e9)};
      answers_.emplace(std::pair(at, requests_), Answer{&stage, std::move(result)});
    }
    return requests_;
  }
  void cancel(RequestId id) override {
    if (id <= scripted_from) asked.at(id - 1).cancelled = true;
    std::erase_if(answers_, [id](const auto& answer) { return answer.first.second == id; });
  }
  bool deliver() {
    if (!ready_.empty()) {
      auto [i, result] = std::move(ready_.front());
      ready_.pop_front();
      if (!asked[i].cancelled) asked[i].stage->complete(asked[i].id, std::move(result));
      return true;
    }
    if (answers_.empty() || answers_.begin()->first.first > now) return false;
    auto answer = answers_.extract(answers_.begin());
    answer.mapped().stage->complete(answer.key().second, std::move(answer.mapped().result));
    return true;
  }
  Time next_event() const {
    return std::min(next_timer(), answers_.empty() ? never : answers_.begin()->first.first);
  }
  void notice(const Stage& stage, std::string_view text) override {
    say(Event::Kind::notice, std::string(stage.name()), std::string(text));
  }
  std::expected<SideFile*, SystemError> open(const std::string& path, bool append) override {
    return files_.emplace_back(std::make_unique<File>(*this, (append ? ">>" : ">") + path)).get();
  }
  std::expected<SideTree*, SystemError> open_tree(const std::string& directory, bool append,
                                                  std::uint64_t most_files) override {
    return trees_
        .emplace_back(std::make_unique<Tree>(*this, (append ? ">>" : ">") + directory + '/', most_files))
        .get();
  }
  SideFile* standard_error() override {
    return files_.emplace_back(std::make_unique<File>(*this, "stderr")).get();
  }
  void fail(Record& record, Failure failure, const Stage* stage) override {
    EXPECT_TRUE(record.origin);
    std::vector<Line> lines;
    if (record.line != nullptr)
      lines.push_back(*record.line);
    else
      record.origin.lines(lines);
    ++failures_;
    Event event{.kind = Event::Kind::failed,
                .wall = wall(),
                .text = failure.error,
                .name = std::string(stage != nullptr ? stage->name() : "input"),
                .why = failure.kind,
                .failure = failure};
    for (const Line& line : lines) {
      if (!keep_originals && record.line == nullptr) {
        EXPECT_EQ("", line.text) << "kept for nothing";
      }
      event.lines.emplace_back(line.number, keep_originals ? line.text : "");
    }
    events.push_back(std::move(event));
    if (failure.attempts > 1) events.back().text += " (attempt " + std::to_string(failure.attempts) + ")";
    if (!failure.cause.empty()) events.back().text += " cause " + failure.cause;
    record.origin.settle(ledger, Verdict::failed);
  }
  void say(Event::Kind kind, std::string name, std::string text) {
    events.push_back({.kind = kind, .wall = wall(), .text = std::move(text), .name = std::move(name)});
  }

  // The runner's loop, as far as it comes without waiting.
  void settle() {
    for (int timers = 0; true;) {
      attention = false;
      close_all();
      if (fire()) {
        ASSERT_LT(++timers, too_many_timers) << "a timer does not move on";
      } else if (deliver()) {
      } else if (!end_sent_ && !chain_.wanted()) {
        say(Event::Kind::stop, {}, {});
        send_end();
        discarding = true;
        chain_.discard();
        discarding = false;
      } else if (feed_from_buffers()) {
      } else if (!end_sent_ && blocked == 0 && !backlog_.empty()) {
        feed();
      } else if (!end_sent_ && blocked == 0 && input_over_) {
        send_end();
      } else {
        return;
      }
    }
  }

  bool feed_from_buffers() {
    for (Buffer* const buffer : chain_.buffers()) {
      if (!buffer->ready()) continue;
      buffer->feed(2);
      return true;
    }
    return false;
  }

  void close_all() {
    for (bool again = true; again;) {
      again = false;
      for (const auto& stage : chain_.stages()) {
        const bool before = stage->closed();
        stage->close();
        again |= stage->closed() != before;
      }
    }
  }

  Time next_timer() const {
    Time next = never;
    for (const auto& stage : chain_.stages()) {
      next = std::min(next, stage->deadline());
      if (!event_time) next = std::min(next, stage->due());
    }
    return next;
  }

  Time wall() const { return firing_at_.value_or(now); }

  bool fire() {
    const Time next = next_timer();
    if (next > now) return false;
    Stage* first = nullptr;
    bool on_stream = false;
    for (const auto& stage : chain_.stages()) {
      const bool before = on_stream && first->clock_behind(next) < next;
      const bool due = !event_time && stage->due() == next && !before;
      if (!due && stage->deadline() != next) continue;
      first = stage.get();
      on_stream = due;
    }
    if (on_stream) {
      firing_at_ = std::exchange(now, first->clock_behind(next));
      first->tick(next);
      now = *std::exchange(firing_at_, std::nullopt);
      return true;
    }
    first->timeout();
    EXPECT_GT(first->deadline(), now) << "a deadline that has passed stays";
    return true;
  }

  void send_end() {
    if (!std::exchange(end_sent_, true)) chain_.head().end();
  }

  // Bytes of its own for each line, freed after the push: a sanitizer sees who keeps what is only lent.
  void feed() {
    const std::string line = std::move(backlog_.front());
    backlog_.pop_front();
    const std::size_t size = line.size() + 1;
    const std::unique_ptr<char[]> bytes(new char[size + 64]);
    std::memcpy(bytes.get(), line.data(), line.size());
    bytes[line.size()] = '\n';
    std::memset(bytes.get() + size, ']', 64);
    json::LineParser parser;
    parser.open(bytes.get(), size);
    json::ParsedLine parsed;
    ASSERT_TRUE(parser.next(parsed) && parsed.value.valid()) << "no JSON: " << line;
    ++ledger.lines;
    line_.number = ledger.lines;
    line_.text = parsed.text;
    line_.bytes = parsed.text.size();
    Record record(parsed.text, parsed.value);
    record.line = &line_;
    record.origin = Origin::whole_line();
    record.at = now;
    if (time_) {
      const auto value = time_->value(parsed.value, now);
      ASSERT_TRUE(value) << "no time: " << line;
      const auto time = time_of(*value);
      ASSERT_TRUE(time) << "no time: " << line;
      record.at = *time;
      if (*time > clock_) chain_.head().advance(clock_ = *time);
    }
    chain_.head().push(record);
    EXPECT_FALSE(record.origin) << "an origin was left behind";
    std::memset(bytes.get(), '#', size);
  }

  void check() {
    std::uint64_t failed = 0;
    const auto& stages = chain_.stages();
    const bool nested = std::ranges::any_of(
        stages, [](const auto& stage) { return dynamic_cast<const Composite*>(stage.get()) != nullptr; });
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const Counts& counts = stages[i]->counts();
      if (chain_.outermost(i)) failed += counts.failed;
      EXPECT_TRUE(counts.balanced(stages[i]->held()))
          << stages[i]->name() << ": in " << counts.in << " made " << counts.made << " out " << counts.out
          << " filtered " << counts.filtered << " merged " << counts.merged << " failed " << counts.failed
          << " dropped " << counts.dropped << " held " << stages[i]->held();
      std::uint64_t dropped = 0;
      for (const auto& [reason, n] : counts.reasons) dropped += n;
      EXPECT_EQ(counts.dropped, dropped);
      const std::uint64_t taken = i + 1 < stages.size() ? stages[i + 1]->counts().in : sink_.records;
      if (!nested && stages[i]->name() != "write") {
        EXPECT_EQ(counts.out, taken);
      }
    }
    EXPECT_EQ(failures_, failed);
    EXPECT_LE(ledger.held(), ledger.lines) << "more lines settled than fed";
    // Aggregates settle the lines that they hold the sums of.
    const bool sums = std::ranges::any_of(
        stages, [](const auto& stage) { return stage->name() == "window" || stage->name() == "aggregate"; });
    const std::size_t waiting = held() + joining();
    EXPECT_TRUE(sums ? waiting != 0 || ledger.held() == 0 : (waiting == 0) == (ledger.held() == 0))
        << held() << " records are held, " << joining() << " wait, " << ledger.held() << " lines are open";
  }

  struct Answer {
    Stage* stage;
    Result result;
  };
  run::Chain chain_;
  std::map<std::pair<Time, RequestId>, Answer> answers_;
  std::map<std::pair<Stage*, std::string>, std::uint64_t> tries_;
  std::optional<expr::Program> time_;
  Sink sink_{*this};
  std::vector<std::unique_ptr<File>> files_;
  std::vector<std::unique_ptr<Tree>> trees_;
  Line line_;
  Time clock_ = Time::min();
  std::deque<std::pair<std::size_t, Result>> ready_;
  RequestId requests_ = scripted_from;
  std::uint64_t failures_ = 0;
  bool input_over_ = false;
  std::optional<Time> firing_at_;  ///< while a timer fires and `now` is what the stages behind it see
};

std::expected<std::unique_ptr<Driver>, PlanError> Driver::make(const std::vector<std::string>& words) {
  auto command = plan::parse_command(words, all_stages());
  if (!command) return std::unexpected(std::move(command.error()));
  const auto* invocation = std::get_if<plan::Invocation>(&*command);
  if (invocation == nullptr) return std::unexpected(PlanError{.message = "no pipeline", .hint = {}});
  Settings settings;
  settings.max_keys = invocation->globals.count("--max-keys").value_or(settings.max_keys);
  settings.seed = invocation->globals.count("--seed").value_or(0);
  settings.lateness = invocation->globals.duration("--lateness").value_or(Duration{});
  settings.raw_output = invocation->globals.flag("--raw-output");
  settings.no_exec = invocation->globals.flag("--no-exec");
  auto time = expr::compile_optional(invocation->globals, "--time", settings);
  if (!time) return std::unexpected(std::move(time.error()));
  settings.event_time = time->has_value();
  settings.seeded = true;
  settings.inputs = {"-"};
  auto chain = run::Chain::build(invocation->pipeline.steps, settings);
  if (!chain) return std::unexpected(std::move(chain.error()));
  return std::unique_ptr<Driver>(new Driver(
      std::make_unique<Impl>(std::move(*chain), std::move(*time), invocation->globals.given("--dlq"))));
}

Driver::Driver(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Driver::~Driver() = default;

void Driver::at(Time t) { impl_->to(t); }
void Driver::jump(Time t) { impl_->jump(t); }
void Driver::push(std::string_view line) { impl_->push(line); }
void Driver::end() { impl_->end(); }
void Driver::idle() { impl_->idle(); }
void Driver::no_more() { impl_->end_of_input(); }
const std::vector<Driver::Asked>& Driver::asked() const { return impl_->asked; }
void Driver::answer(std::size_t i, Result result) { impl_->answer(i, std::move(result)); }
void Driver::answer_all(std::function<Result(const Request&)> by) { impl_->answerer = std::move(by); }
void Driver::abandon() { impl_->abandon(); }
Time Driver::now() const { return impl_->now; }
bool Driver::ended() const { return impl_->ended(); }
bool Driver::blocked() const { return impl_->blocked != 0; }
bool Driver::reading() const { return !impl_->end_sent_; }
std::size_t Driver::arrived() const { return impl_->backlog_.size(); }
std::size_t Driver::held() const { return impl_->held(); }
const Ledger& Driver::ledger() const { return impl_->ledger; }
const Stage& Driver::stage(std::size_t i) const { return *impl_->chain().stages()[i]; }
std::size_t Driver::stages() const { return impl_->chain().stages().size(); }
std::vector<Event> Driver::take_events() { return std::exchange(impl_->events, {}); }

std::vector<std::string> Driver::take_out() {
  std::vector<std::string> out;
  for (Event& event : take_events())
    if (event.kind == Event::Kind::out) out.push_back(std::move(event.text));
  return out;
}

std::unique_ptr<Driver> drive(std::string_view line) {
  const std::vector<std::string> words = plan::shell_words(line);
  auto made = Driver::make(words);
  if (made) return std::move(*made);
  ADD_FAILURE() << plan::report(made.error(), words);
  return nullptr;
}

Time instant(std::string_view duration) {
  const auto d = parse_duration(duration);
  EXPECT_TRUE(d) << duration;
  return Time() + d.value_or(Duration{});
}

}  // namespace sz::stages_test
