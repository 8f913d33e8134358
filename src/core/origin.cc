#include "core/origin.h"

#include <algorithm>
#include <memory>

namespace sz {
namespace {

/// A line that became several records.
class SharedLine final : public Scope {
 public:
  explicit SharedLine(Ledger& ledger) : ledger_(ledger) {}
  void lines(std::vector<Line>&) const override {}  // each of its records has the Line at hand

 private:
  void settled(Verdict v) override { ledger_.settle_line(v); }
  Ledger& ledger_;
};

}  // namespace

void Origin::share(Ledger& ledger) {
  bits_ = reinterpret_cast<std::uintptr_t>(std::make_unique<SharedLine>(ledger).release());
}

void Origin::release(Verdict v) {
  Scope* const last = scope();
  if (last == nullptr) return;
  bits_ = 0;
  last->strongest_ = std::max(last->strongest_, v);
  if (--last->references_ != 0) return;
  const std::unique_ptr<Scope> ended(last);
  ended->settled(ended->strongest_);
}

void Origin::forget() {
  Scope* const last = scope();
  bits_ = 0;
  if (--last->references_ == 0) const std::unique_ptr<Scope> unsettled(last);
}

}  // namespace sz
