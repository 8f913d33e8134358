#pragma once

#include "core/failure.h"
#include "core/mark.h"
#include "core/record.h"

namespace sz {

/// Where a stage's records go. Three signals, in band and in order: (push | advance)* end.
class Out {
 public:
  virtual ~Out() = default;
  /// Takes over `record.origin`; the rest of the record is the caller's again on return. Always accepted:
  /// back-pressure is Run::blocked.
  virtual void push(Record& record) = 0;
  /// Under --time: how far the stream has come. Never goes back. Wall time does not use it.
  virtual void advance(const Mark&) {}
  /// Once, last.
  virtual void end() = 0;
};

class Stage;

/// Where a stage's failed records go.
class Failures {
 public:
  virtual ~Failures() = default;
  /// Takes over `record.origin`. `stage` is where it failed, nullptr for the reading of the input.
  virtual void fail(Record& record, Failure failure, const Stage* stage) = 0;
};

}  // namespace sz
