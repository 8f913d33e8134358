#include "observe.h"

#include <csignal>
#include <set>
#include <stdexcept>

#include "plan/command.h"
#include "run/pipeline.h"
#include "stages.h"
#include "unit/run/scripted_host.h"

namespace sz::simulate {
namespace {

constexpr int most_waits = 20'000;

/// The scripted world with a bound on how often a run may wait.
class BoundedHost final : public run::Host {
 public:
  explicit BoundedHost(run::ScriptedHost& host) : host_(host) {}
  Time now() override { return host_.now(); }
  std::expected<void, SystemError> open_input(std::size_t slot, const std::string& path) override {
    return host_.open_input(slot, path);
  }
  Read read(std::size_t slot, std::span<char> into) override { return host_.read(slot, into); }
  void close_input(std::size_t slot) override { host_.close_input(slot); }
  std::optional<std::uint64_t> input_size(std::size_t slot) override { return host_.input_size(slot); }
  Write write(std::string_view bytes) override { return host_.write(bytes); }
  bool output_closed() override { return host_.output_closed(); }
  std::optional<SystemError> flush_side_files() override { return host_.flush_side_files(); }
  void wait(const Interest& interest) override {
    if (++waits_ > most_waits) throw std::logic_error("waits without end");
    host_.wait(interest);
  }
  std::optional<int> take_signal() override { return host_.take_signal(); }
  void start(RequestId id, Request request) override { host_.start(id, std::move(request)); }
  void cancel(RequestId id) override { host_.cancel(id); }
  std::optional<std::pair<RequestId, sz::Result>> take_completion() override {
    return host_.take_completion();
  }

 private:
  run::ScriptedHost& host_;
  int waits_ = 0;
};

class LetterBox final : public run::DeadLetters {
 public:
  LetterBox(const Scenario& scenario, Result& result) : scenario_(scenario), result_(result) {}
  void write(const run::Letter& letter) override {
    // A record that sums others up has no line of its own.
    const std::uint64_t number = letter.count == 0 ? letter.line.number : 0;
    const std::string_view source = number == 0 ? std::string_view() : letter.source;
    const bool separated = separator(source, number);
    ++result_.letters[describe_letter(source, number, letter.index, name(letter.kind),
                                      letter.index != 0 ? letter.record : std::string_view(),
                                      scenario_.dlq && !separated ? letter.line.text : std::string_view())];
  }
  void flush(Time) override {}
  void close() override {}
  bool broken() const override { return false; }

 private:
  bool separator(std::string_view source, std::uint64_t number) const {
    for (const InputFile& file : scenario_.inputs)
      if (file.path == source && number != 0 && number <= file.lines.size())
        return file.lines[number - 1].separator;
    return false;
  }
  const Scenario& scenario_;
  Result& result_;
};

/// What the host hands back for an answer: a command that takes too long is ended by its time-out.
std::pair<Duration, sz::Result> scripted(const Answer& answer, const Request& request) {
  using enum Answer::What;
  const auto& timeout = request.command->timeout;
  if (timeout && timeout->ns <= answer.delay) return {*timeout, {.end = sz::Result::End::timed_out}};
  sz::Result result;
  const std::string& text = request.input;
  switch (answer.what) {
    case good:
      result.output = text;
      break;
    case none:
      break;
    case two:
      result.output = text + text;
      break;
    case garbage:
      result.output = "{";
      break;
    case no:
      result.number = 1;
      break;
    case bad:
      result.number = 65;
      break;
    case killed:
      result = {.end = sz::Result::End::signalled, .number = 9};
      break;
    case unstarted:
      result = {.end = sz::Result::End::unstarted, .number = 11, .error = "cannot start program"};
      break;
    case gone:
      result = {.end = sz::Result::End::broken, .error = "the worker is gone"};
      break;
  }
  if (request.command->keeps) result.output = result.output.substr(0, result.output.find('\n'));
  return {Duration{answer.delay}, std::move(result)};
}

void set_up(run::ScriptedHost& host, const Scenario& s, const Variant& v) {
  for (const InputFile& file : s.inputs) {
    if (file.missing) continue;
    std::string bytes = file.bytes();
    if (file.regular || v.all_at_once) {
      host.file(file.path, std::move(bytes));
      continue;
    }
    std::size_t at = 0;
    for (const InputFile::Piece& piece : file.pieces) {
      host.piece(file.path, Duration{piece.at}, bytes.substr(at, piece.size));
      at += piece.size;
    }
    host.end_at(file.path, Duration{file.ends});
  }
  host.limit_reads(v.reads);
  if (s.signal) host.signal(Duration{*s.signal}, SIGTERM);
  if (s.report) host.signal(Duration{*s.report}, SIGUSR1);
  if (s.closes) host.close_output(Duration{*s.closes});
  if (s.write_limit != 0) {
    host.limit_writes(s.write_limit);
    host.output_pause(Duration{s.write_pause});
  }
  if (s.output_fails) host.fail_output_at(*s.output_fails, "disk full");
  host.answer([seed = s.seed, asked = std::set<std::pair<const Command*, std::string>>()](
                  RequestId, const Request& request) mutable {
    const Answer answer =
        answer_to(seed, request.input.substr(0, request.input.size() - 1), request.command->keeps);
    if (answer.refused && asked.emplace(request.command.get(), request.input).second)
      return std::pair(Duration{Answer::moment},
                       sz::Result{.end = sz::Result::End::unasked, .error = "it had gone"});
    return scripted(answer, request);
  });
}

void take_down(const run::ScriptedHost& host, const Scenario& s, const run::Pipeline::Report& report,
               Observed& observed) {
  Result& r = observed.result;
  r.output = host.output();
  for (const auto& written : host.writes()) r.written[written.after.ns] = written.total;
  const Ledger& ledger = report.statistics.ledger;
  r.lines = ledger.lines;
  r.blank = ledger.blank;
  r.fates = ledger.settled;
  r.sums.resize(s.steps.size());
  for (const auto& stage : report.statistics.stages) {
    const Counts& c = stage.counts;
    r.sums[stage.index - 1] = {c.in, c.made, c.out, c.filtered, c.merged, c.failed, c.dropped};
  }
  r.files = host.side_files();
  observed.balanced = report.statistics.balanced(true);
  observed.signal = report.ending.signal;
  observed.output_closed = report.ending.output_closed;
  observed.stopped = report.ending.stopped_by_failures;
  if (report.ending.error) observed.error = report.ending.error->message;
  observed.failed = report.failed;
  observed.input_errors = report.input_errors.size();
}

}  // namespace

Observed observe(const Scenario& scenario, const Variant& variant) {
  Observed observed;
  const auto broken = [&](std::string why) {
    observed.broken = std::move(why);
    return std::move(observed);
  };
  std::vector<std::string> words = scenario.words(variant.threads);
  if (variant.record_time) words.insert(words.begin(), {"--time", ".t"});
  const auto command = plan::parse_command(words, all_stages());
  if (!command) return broken("refused: " + command.error().message);
  const auto* invocation = std::get_if<plan::Invocation>(&*command);
  if (invocation == nullptr) return broken("no pipeline");
  const auto options = run::Options::of(*invocation);
  if (!options) return broken("refused: " + options.error().message);
  auto pipeline = run::Pipeline::build(*invocation, *options);
  if (!pipeline) return broken("refused: " + pipeline.error().message);

  run::ScriptedHost host;
  set_up(host, scenario, variant);
  BoundedHost bounded(host);
  LetterBox letters(scenario, observed.result);
  if (const auto opened = pipeline->open(host); !opened) return broken(opened.error().message);
  try {
    const auto report =
        pipeline->run(bounded, letters, [&](std::string_view text) { observed.notices += text; });
    take_down(host, scenario, report, observed);
  } catch (const std::exception& fault) {
    return broken(fault.what());
  }
  return observed;
}

}  // namespace sz::simulate
