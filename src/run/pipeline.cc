#include "run/pipeline.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "expr/argument.h"
#include "run/feeder.h"
#include "run/input.h"
#include "run/line_source.h"
#include "run/pool.h"
#include "run/pooled.h"
#include "run/time_merge.h"

namespace sz::run {

class Pipeline::Impl {
 public:
  /// What the statistics say of a stage that runs in the pool.
  struct Named {
    std::string_view name;
    std::size_t depth = 0;
  };
  Impl(Options options, std::vector<Named> names, Chain chain, std::vector<Chain> copies,
       std::vector<std::optional<expr::Program>> times)
      : options_(std::move(options)),
        names_(std::move(names)),
        chain_(std::move(chain)),
        copies_(std::move(copies)),
        times_(std::move(times)) {}

  std::expected<void, SystemError> open(SideFiles& files) {
    for (const auto& stage : chain_.stages())
      if (auto opened = stage->open(files); !opened) return opened;
    return {};
  }

  Report run(Host& host, DeadLetters& letters, const StderrSink& say, Events* events,
             const Watchers& watchers) {
    const Time begun = host.now();
    std::unique_ptr<Tracer> tracer = make_tracer(watchers.trace, 1, "pipeline");
    HostRun run(host, say, events);
    run.trace(tracer.get());
    run.event_time = options_.settings.event_time;
    run.keep_originals = options_.dlq.has_value() || chain_.needs_originals();
    const bool at_once = options_.reading != Options::Reading::one_by_one;
    Input input(host, options_.inputs, options_.max_line, Input::usual_block,
                at_once ? Input::Order::at_once : Input::Order::one_by_one);
    Output output(host);
    FailedRecords failed(
        run, letters, options_.inputs,
        {.stop_at_first = options_.stop_at_first_failure, .most = options_.max_failures, .at_once = at_once});
    run.ask_order([&failed](const Record& record) { return failed.came_later(record); });
    Sink sink(run, output, failed, options_.raw_output);
    chain_.bind(run, sink, failed, tracer.get());
    sink.hold_back(chain_.output_pressures());
    const std::unique_ptr<Source> source = make_source(run, input, failed, sink, watchers.trace);

    const auto account = [&] {
      Statistics statistics{.ledger = run.ledger,
                            .stages = {},
                            .records_out = sink.records(),
                            .bytes_in = input.bytes_read(),
                            .elapsed = host.now() - begun};
      for (const auto& [index, counts] : source->pool_counts())
        statistics.stages.push_back({.name = names_[index - 1].name,
                                     .index = index,
                                     .depth = names_[index - 1].depth,
                                     .branch = 0,
                                     .counts = counts,
                                     .held = 0});
      for (std::size_t i = 0; i < chain_.stages().size(); ++i) {
        const Stage& stage = *chain_.stages()[i];
        statistics.stages.push_back({.name = stage.name(),
                                     .index = stage.index(),
                                     .depth = chain_.depth(i),
                                     .branch = chain_.branch(i),
                                     .counts = stage.counts(),
                                     .held = stage.held()});
      }
      statistics.order();
      return statistics;
    };
    Report report;
    Runner runner({host, run, *source, chain_, sink, output, letters, failed, input, report.input_errors,
                   watchers.progress},
                  options_.drain_timeout, options_.idle_timeout);
    Runner::Reports reports{.asked = [&] {
      const Statistics now = account();
      say(options_.stats == "json" ? now.json() : now.text());
      if (watchers.statistics) watchers.statistics(now);
    }};
    if (watchers.statistics) reports.now_and_then = [&] { watchers.statistics(account()); };
    report.ending = runner.run(reports);
    report.ending.stopped_by_failures |= failed.share_passed_at_end();
    report.statistics = account();
    report.failed = failed.count();
    return report;
  }

 private:
  std::unique_ptr<Tracer> make_tracer(TraceFile* file, std::size_t thread, std::string_view name) const {
    if (file == nullptr) return nullptr;
    return std::make_unique<Tracer>(*file, options_.trace_sample, trace_begun_, static_cast<unsigned>(thread),
                                    name);
  }

  std::unique_ptr<Source> make_source(HostRun& run, Input& input, FailedRecords& failed, Sink& sink,
                                      TraceFile* trace) {
    if (options_.reading == Options::Reading::by_time) {
      std::vector<Feeder::Options> lanes;
      for (std::size_t i = 0; i < times_.size(); ++i) {
        lanes.push_back(feeder_options(i, false));
        lanes.back().max_ahead.reset();
      }
      return std::make_unique<TimeMerge>(
          TimeMerge::Parts{run, input, failed, chain_.head(), StreamClock(options_.max_ahead)},
          std::move(lanes));
    }
    if (copies_.empty())
      return std::make_unique<LineSource>(input,
                                          Feeder(run, chain_.head(), failed, feeder_options(0, false)));
    const bool rest = !chain_.stages().empty();
    std::vector<std::unique_ptr<Lane>> lanes;
    lanes.reserve(copies_.size());
    for (std::size_t i = 0; i < copies_.size(); ++i)
      lanes.push_back(std::make_unique<Lane>(std::move(copies_[i]), feeder_options(i, run.events),
                                             run.event_time, rest, options_.raw_output,
                                             make_tracer(trace, i + 2, fmt::format("pool {}", i + 1))));
    return std::make_unique<Pool>(Pool::Parts{run, input, failed, sink, StreamClock(options_.max_ahead),
                                              rest ? &chain_.head() : nullptr},
                                  std::move(lanes), options_.threads);
  }

  Feeder::Options feeder_options(std::size_t i, bool keep_jumps) {
    return {.raw_input = options_.raw_input,
            .time = std::move(times_[i]),
            .max_ahead = options_.max_ahead,
            .keep_jumps = keep_jumps};
  }

  Options options_;
  Tracer::Clock::time_point trace_begun_ = Tracer::Clock::now();
  std::vector<Named> names_;  // of all stages in plan order
  Chain chain_;               // the stages on the main thread
  std::vector<Chain>
      copies_;  // of the stages before them, one for each lane of the pool; none without a pool
  std::vector<std::optional<expr::Program>> times_;  // --time, for each lane or input, or once
};

namespace {

/// A worker finds a filled lane while the join empties another and the caller's thread fills a third.
constexpr std::size_t spare_lanes = 2;

}  // namespace

std::expected<Pipeline, PlanError> Pipeline::build(const plan::Invocation& invocation,
                                                   const Options& options) {
  const std::span<const plan::Step> steps = invocation.pipeline.steps;
  auto chain = Chain::build(steps, options.settings);
  if (!chain) return std::unexpected(std::move(chain.error()));

  std::vector<Impl::Named> names(Chain::stages_in(steps));
  for (std::size_t i = 0; i < chain->stages().size(); ++i)
    names[chain->index(i) - 1] = {chain->name(i), chain->depth(i)};
  const std::size_t pooled = pooled_steps(invocation, *chain, options).steps;
  std::vector<Chain> copies;
  if (pooled != 0) {
    chain = Chain::build(steps.subspan(pooled), options.settings, Chain::stages_in(steps.first(pooled)) + 1);
    for (std::size_t i = 0; i < options.threads + spare_lanes; ++i)
      copies.push_back(*Chain::build(steps.first(pooled), options.settings));
  }
  std::vector<std::optional<expr::Program>> times;
  const bool by_time = options.reading == Options::Reading::by_time;
  const std::size_t feeders = by_time ? options.inputs.size() : std::max<std::size_t>(1, copies.size());
  for (std::size_t i = 0; i < feeders; ++i) {
    auto time = expr::compile_optional(invocation.globals, "--time", options.settings);
    if (!time) return std::unexpected(std::move(time.error()));
    times.push_back(std::move(*time));
  }
  return Pipeline(std::make_unique<Impl>(options, std::move(names), std::move(*chain), std::move(copies),
                                         std::move(times)));
}

Pipeline::Pipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

std::expected<void, SystemError> Pipeline::open(SideFiles& files) { return impl_->open(files); }
Pipeline::Report Pipeline::run(Host& host, DeadLetters& letters, const StderrSink& say, Events* events,
                               const Watchers& watchers) {
  return impl_->run(host, letters, say, events, watchers);
}

}  // namespace sz::run
