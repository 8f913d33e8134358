#include "core/origin.h"

#include <algorithm>

namespace sz {

void Origin::share(Ledger& ledger) {
  bits_ = reinterpret_cast<std::uintptr_t>(std::make_unique<SharedLine>(ledger).release());
}

void Origin::share(Ledger& ledger, std::unique_ptr<SharedLine>& spare) {
  if (!spare) spare = std::make_unique<SharedLine>(ledger, &spare);
  bits_ = reinterpret_cast<std::uintptr_t>(spare.release());
}

void Origin::release(Verdict v) {
  Scope* const last = scope();
  if (last == nullptr) return;
  bits_ = 0;
  last->strongest_ = std::max(last->strongest_, v);
  if (--last->references_ != 0) return;
  std::unique_ptr<Scope> ended(last);
  last->settled(last->strongest_);
  last->retire(std::move(ended));
}

void Origin::forget() {
  Scope* const last = scope();
  bits_ = 0;
  if (--last->references_ == 0) const std::unique_ptr<Scope> unsettled(last);
}

}  // namespace sz
