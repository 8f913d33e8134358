#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/origin.h"
#include "core/record.h"

namespace sz {

/// The scope of one record on its way through a pipeline inside a stage (a prefix, a branch): it settles when
/// all that came of the record in there has left or ended. What leaves takes a share of the parent's origin
/// along and is none of the attempt's business any more. So attempts nest: each ends at the stage that opened
/// it.
class Attempt : public Scope {
 public:
  /// `parent`: the origin that the record came with; may be empty if its owner keeps it elsewhere.
  explicit Attempt(Origin parent) : parent_(std::move(parent)) {}

  void lines(std::vector<Line>& out) const override { parent_.lines(out); }
  Attempt* attempt() override { return this; }
  const std::string* cause() const override { return parent_.cause(); }

  /// `record`, which belongs to this attempt, leaves it. The last one to leave settles it, before it goes on;
  /// what the others came to inside stays with the parent.
  void leave(Record& record, Ledger& ledger) {
    Origin inside = std::move(record.origin);
    const bool last = inside.is_last_of(this);
    if (last && so_far() > Verdict::filtered) parent_.split(ledger).settle(ledger, so_far());
    record.origin = last ? std::move(parent_) : parent_.split(ledger);
    inside.settle(ledger, Verdict::none);
  }

 protected:
  /// Begins anew after it has settled.
  void renew(Origin parent) {
    Scope::renew();
    parent_ = std::move(parent);
  }
  /// For settled(): the record's own share of its parent, which has not been given away by then.
  Origin& parent() { return parent_; }

 private:
  Origin parent_;
};

}  // namespace sz
