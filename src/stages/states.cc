#include "stages/states.h"

#include <memory>
#include <new>
#include <utility>

namespace sz::aggregate {
namespace {

template <class Type>
struct Of {
  using type = Type;
};

/// Calls `with` with the type (as Of<Type>) of states of a kind.
template <class With>
auto with_type(StateKind kind, With&& with) {
  switch (kind) {
    case StateKind::count:
      break;
    case StateKind::sum:
      return with(Of<ExactSum>());
    case StateKind::least:
    case StateKind::greatest:
      return with(Of<Extreme>());
    case StateKind::first:
    case StateKind::last:
      return with(Of<Edge>());
    case StateKind::change:
      return with(Of<Change>());
    case StateKind::deviation:
      return with(Of<Moments>());
    case StateKind::average:
      return with(Of<MovingAverage>());
    case StateKind::period:
      return with(Of<Period>());
    case StateKind::lines:
      return with(Of<LineSpan>());
    case StateKind::quantiles:
      return with(Of<Quantiles>());
    case StateKind::distinct:
      return with(Of<DistinctCount>());
    case StateKind::tally:
      return with(Of<Tally>());
    case StateKind::list:
      return with(Of<List>());
    case StateKind::series:
      return with(Of<Series>());
    case StateKind::sliding:
      return with(Of<SlidingQuantiles>());
  }
  return with(Of<std::uint64_t>());
}

void make(std::byte* at, const Layout& layout, std::size_t i) {
  switch (layout.kind(i)) {
    case StateKind::average:
      new (at) MovingAverage(layout.share(i));
      return;
    case StateKind::distinct:
      new (at) DistinctCount(layout.secret(), layout.seed());
      return;
    case StateKind::tally:
      new (at) Tally(layout.secret());
      return;
    default:
      with_type(layout.kind(i), [at](auto of) {
        using Type = typename decltype(of)::type;
        if constexpr (std::is_default_constructible_v<Type>) new (at) Type();
      });
  }
}

void destroy(State state) {
  with_type(state.kind(), [state](auto of) { std::destroy_at(&state.as<typename decltype(of)::type>()); });
}

}  // namespace

void Layout::add(StateKind kind, double share) {
  parts_.push_back({kind, share, bytes_});
  bytes_ += with_type(kind, [](auto of) {
    using Type = typename decltype(of)::type;
    static_assert(alignof(Type) <= alignof(const Layout*));
    constexpr std::size_t unit = alignof(const Layout*);
    return (sizeof(Type) + unit - 1) / unit * unit;
  });
}

States::States(const Layout& layout) {
  if (layout.parts_.empty()) return;
  auto block = std::make_unique_for_overwrite<std::byte[]>(layout.bytes_);
  new (block.get()) const Layout*(&layout);
  for (std::size_t i = 0; i < layout.parts_.size(); ++i) make(block.get() + layout.parts_[i].at, layout, i);
  block_.reset(block.release());
}

void States::renew(std::size_t i) {
  destroy((*this)[i]);
  make(block_.get() + layout().parts_[i].at, layout(), i);
}

void States::Destroy::operator()(std::byte* block) const {
  const std::unique_ptr<std::byte[]> memory(block);
  for (const Layout::Part& part : layout_of(block).parts_) destroy({part.kind, block + part.at});
}

}  // namespace sz::aggregate
