#pragma once

#include <memory>
#include <string>

#include "run/child.h"

namespace sz::run {

/// A process that works on one request: its input is the request's, its output the answer's.
class Job final : public Child {
 public:
  Job(const ChildWorld& world, std::uint64_t serial, Spawned process, RequestId id,
      std::shared_ptr<const Command> command, std::string input, Time now);

  RequestId id() const { return id_; }
  void finish_input() override {}

 private:
  void input_written() override { close_input(); }
  void take_output(std::string_view bytes, Time now) override;
  void ended(std::optional<int> exit, std::optional<int> signal) override;
  Time patience() const override { return late_; }
  void patience_over(Time now) override;

  RequestId id_;
  std::shared_ptr<const Command> command_;
  Time late_ = never;
  bool timed_out_ = false, too_much_ = false;
  std::string output_;
};

}  // namespace sz::run
