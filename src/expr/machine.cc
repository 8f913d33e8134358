#include "expr/machine.h"

#include <algorithm>

#include "expr/arithmetic.h"
#include "expr/blocks.h"
#include "expr/compare.h"
#include "expr/direct.h"
#include "expr/errors.h"

namespace sz::expr {

namespace {
constexpr std::size_t most_kept = 1 << 14;  // places of a stack that stay for the next input
}

void Machine::reset() {
  cells_.clear();
  frames_.clear();
  variables_.clear();
  forks_.clear();
  if (cells_.capacity() > most_kept) cells_.shrink_to_fit();
  if (frames_.capacity() > most_kept) frames_.shrink_to_fit();
  if (variables_.capacity() > most_kept) variables_.shrink_to_fit();
  if (forks_.capacity() > most_kept) forks_.shrink_to_fit();
  path_ = at_path_ = result_ = Value();
}

void Machine::start(Value input) {
  reset();
  cells_.emplace_back();
  frames_.emplace_back();
  top_ = top_limit_ = frame_ = frame_limit_ = nest_ = 0;
  tracking_ = false;
  frames_[0].variables = code_.functions[0].variables;
  variables_.resize(frames_[0].variables);
  push(std::move(input));
  pc_ = code_.functions[0].entry;
  started_ = false;
}

Machine::Status Machine::next() {
  halted_ = false;
  if (started_ && !backtrack()) return Status::done;
  started_ = true;
  while (true) {
    if (!context_.spend(1)) return Status::error;
    if (step(code_.instructions[pc_])) {
      if (halted_) {
        result_ = pop();
        return Status::output;
      }
      continue;
    }
    // A step that fails either ran out of choices or left an error nobody caught.
    return context_.error.is_none() ? Status::done : Status::error;
  }
}

void Machine::push(Value v) {
  const std::uint32_t i = std::max(top_, top_limit_) + 1;
  if (i >= cells_.size()) cells_.resize(i + 1);
  cells_[i].value = std::move(v);
  cells_[i].below = top_;
  top_ = i;
}

Value Machine::pop() {
  Cell& c = cells_[top_];
  Value v = top_ > top_limit_ ? std::move(c.value) : c.value;
  top_ = c.below;
  return v;
}

void Machine::replace(Value v) {
  if (top_ > top_limit_) {
    cells_[top_].value = std::move(v);
  } else {
    top_ = cells_[top_].below;
    push(std::move(v));
  }
}

// Is there memory for the stacks, if one of them is about to grow (by doubling)? The error is set if not.
bool Machine::affordable(bool grows) {
  if (!grows) [[likely]]
    return true;
  const std::size_t held = cells_.capacity() * sizeof(Cell) + frames_.capacity() * sizeof(Frame) +
                           variables_.capacity() * sizeof(Value) + forks_.capacity() * sizeof(Fork);
  if (context_.heap.fits(held * 2)) return true;
  context_.too_large();
  return false;
}

std::uint32_t Machine::link(std::uint32_t out) const {
  std::uint32_t f = frame_;
  for (; out > 0; --out) f = frames_[f].link;
  return f;
}

Value& Machine::variable(std::uint32_t out, std::uint32_t i) {
  return variables_[frames_[link(out)].base + i];
}

bool Machine::enter(std::uint32_t function, std::uint32_t link_to, std::uint32_t caller,
                    std::uint32_t return_to) {
  const std::uint32_t below = std::max(caller, frame_limit_);
  const std::uint32_t i = below + 1;
  const std::uint32_t base = frames_[below].base + frames_[below].variables;
  const std::uint32_t count = code_.functions[function].variables;
  if (i >= frames_.size()) {
    if (!affordable(i >= frames_.capacity() || base + count > variables_.capacity())) return raise();
    frames_.resize(i + 1);
  }
  if (base + count > variables_.size()) variables_.resize(base + count);
  for (std::uint32_t k = base; k < base + count; ++k) variables_[k] = Value();
  frames_[i] = {link_to, caller, return_to, base, count};
  frame_ = i;
  pc_ = code_.functions[function].entry;
  return true;
}

void Machine::leave() {
  const Frame& f = frames_[frame_];
  if (frame_ > frame_limit_) {
    for (std::uint32_t k = f.base; k < f.base + f.variables; ++k) variables_[k] = Value();
  }
  pc_ = f.return_to;
  frame_ = f.caller;
}

bool Machine::call(const CallSite& site, bool tail) {
  // At most a few arguments: gather them before the frame of a tail call goes.
  Value arguments[8];
  std::vector<Value> more;
  Value* given = arguments;
  if (site.arguments.size() > 8) {
    more.resize(site.arguments.size());
    given = more.data();
  }
  for (std::size_t k = 0; k < site.arguments.size(); ++k) {
    const Argument& a = site.arguments[k];
    given[k] = a.type == Argument::Type::closure ? Value::closure(a.a, frame_) : variable(a.a, a.b);
  }
  const std::uint32_t link_to = site.root ? 0 : link(site.out);
  std::uint32_t return_to = pc_ + 1, caller = frame_;
  if (tail) {
    leave();
    return_to = pc_;
    caller = frame_;
  }
  if (!enter(site.function, link_to, caller, return_to)) return false;
  for (std::size_t k = 0; k < site.arguments.size(); ++k)
    variables_[frames_[frame_].base + k] = std::move(given[k]);
  return true;
}

bool Machine::call_closure(const Value closure, bool tail) {
  std::uint32_t return_to = pc_ + 1, caller = frame_;
  if (tail) {
    leave();
    return_to = pc_;
    caller = frame_;
  }
  return enter(closure.closure_entry(), closure.closure_frame(), caller, return_to);
}

Machine::Fork& Machine::fork(Fork::Type type, std::uint32_t target) {
  forks_.push_back({type,
                    tracking_,
                    target,
                    top_,
                    top_limit_,
                    frame_,
                    frame_limit_,
                    nest_,
                    path_,
                    at_path_,
                    {},
                    {},
                    {},
                    0,
                    0});
  top_limit_ = std::max(top_limit_, top_);
  frame_limit_ = std::max(frame_limit_, frame_);
  return forks_.back();
}

void Machine::restore(const Fork& f) {
  top_ = f.top;
  top_limit_ = f.top_limit;
  frame_ = f.frame;
  frame_limit_ = f.frame_limit;
  nest_ = f.nest;
  tracking_ = f.tracking;
  path_ = f.path;
  at_path_ = f.at_path;
}

void Machine::drop_forks(std::size_t count) {
  if (count >= forks_.size()) return;
  top_limit_ = forks_[count].top_limit;
  frame_limit_ = forks_[count].frame_limit;
  forks_.erase(forks_.begin() + static_cast<std::ptrdiff_t>(count), forks_.end());
}

// Goes on at the latest choice; false when there is none.
bool Machine::backtrack() {
  while (!forks_.empty()) {
    Fork& f = forks_.back();
    restore(f);
    switch (f.type) {
      case Fork::Type::plain:
      case Fork::Type::mark:
        pc_ = f.target;
        forks_.pop_back();
        return true;
      case Fork::Type::each:
        return resume_each();
      case Fork::Type::range:
        return resume_range();
      case Fork::Type::try_begin:
      case Fork::Type::try_end:
      case Fork::Type::error:
        forks_.pop_back();
        break;
    }
  }
  context_.error = Value::none();
  return false;
}

// The error in the context goes to the nearest `try` around the code that raised it; code behind a try's
// output is not inside it.
bool Machine::raise() {
  int outside = 0;
  while (!forks_.empty()) {
    Fork& f = forks_.back();
    if (f.type == Fork::Type::error && !context_.fatal) {
      restore(f);
      pc_ = f.target;
      forks_.pop_back();
      context_.error = Value();
      return true;
    }
    if (f.type == Fork::Type::try_end) {
      ++outside;
    } else if (f.type == Fork::Type::try_begin) {
      if (outside > 0) {
        --outside;
      } else if (!context_.fatal) {
        restore(f);
        pc_ = f.target;
        forks_.pop_back();
        replace(std::exchange(context_.error, Value()));
        return true;
      }
    }
    forks_.pop_back();
  }
  return false;
}

bool Machine::give(Value v) {
  if (v.is_fault()) return raise();
  replace(std::move(v));
  ++pc_;
  return true;
}

void Machine::track(Value key, const Value& v) {
  if (!tracked()) return;
  path_ = own_array(context_.heap, std::move(path_));
  path_.array_block().push(std::move(key));
  at_path_ = v;
}

bool Machine::no_access(bool optional) {
  if (!optional || context_.fatal) return raise();
  context_.error = Value();
  return backtrack();
}

bool Machine::each(bool optional) {
  if (!intact(top())) {
    context_.fail("Invalid path expression near attempt to iterate through " + preview(top()));
    return raise();
  }
  Value subject = pop();
  switch (subject.kind()) {
    case json::Kind::array:
      if (subject.is_node() ? subject.as_node().empty() : subject.array_block().items.empty())
        return backtrack();
      break;
    case json::Kind::object:
      subject = built_object(context_.heap, subject);
      if (subject.object_block().members.empty()) return backtrack();
      break;
    default:
      if (optional) return backtrack();
      iterable(context_, subject);
      return raise();
  }
  Fork& f = fork(Fork::Type::each, pc_ + 1);
  f.cursor = subject.is_node() ? subject.as_node().slot() + 1 : 0;
  f.subject = std::move(subject);
  if (!affordable(forks_.size() == forks_.capacity())) return raise();
  return resume_each();
}

bool Machine::resume_each() {
  Fork& f = forks_.back();
  restore(f);
  pc_ = f.target;
  Value key, v;
  bool last;
  if (f.subject.is_node()) {
    const json::Node array = f.subject.as_node();
    json::Elements::Iterator at(array.slots(), static_cast<std::uint32_t>(f.cursor));
    v = Value::of(*at);
    ++at;
    last = !(at != array.elements().end());
    f.cursor = (*at).slot();
    if (tracked()) key = Value::integer(static_cast<std::int64_t>(f.ordinal));
    ++f.ordinal;
  } else if (f.subject.tag() == Value::Tag::array) {
    const auto& items = f.subject.array_block().items;
    v = items[f.cursor];
    key = Value::integer(static_cast<std::int64_t>(f.cursor));
    last = ++f.cursor == items.size();
  } else {
    const auto& members = f.subject.object_block().members;
    v = members[f.cursor].value;
    key = members[f.cursor].key;
    last = ++f.cursor == members.size();
  }
  if (last) {
    forks_.pop_back();
  } else {
    top_limit_ = std::max(top_limit_, top_);
    frame_limit_ = std::max(frame_limit_, frame_);
  }
  track(std::move(key), v);
  push(std::move(v));
  return true;
}

bool Machine::range() {
  pop();
  Value from = pop(), upto = pop(), by = pop();
  if (!from.is_number() || !upto.is_number() || !by.is_number()) {
    context_.fail("Range bounds must be numeric");
    return raise();
  }
  Fork& f = fork(Fork::Type::range, pc_ + 1);
  f.subject = std::move(from);
  f.upto = std::move(upto);
  f.by = std::move(by);
  return resume_range();
}

bool Machine::resume_range() {
  Fork& f = forks_.back();
  restore(f);
  const int step = compare(f.by.number(), {true, 0, 0});
  const int left = compare(f.subject.number(), f.upto.number());
  if (step == 0 || (step > 0 ? left >= 0 : left <= 0)) {
    forks_.pop_back();
    return backtrack();
  }
  pc_ = f.target;
  Value v = f.subject;
  f.subject = add(context_, v, f.by);
  const int ahead = compare(f.subject.number(), f.upto.number());
  if (step > 0 ? ahead >= 0 : ahead <= 0) {
    forks_.pop_back();
  } else {
    top_limit_ = std::max(top_limit_, top_);
    frame_limit_ = std::max(frame_limit_, frame_);
  }
  push(std::move(v));
  return true;
}

bool Machine::step(const Instruction& i) {
  switch (i.op) {
    case Op::dup:
      push(top());
      break;
    case Op::pop:
      pop();
      break;
    case Op::swap: {
      Value upper = pop(), lower = pop();
      push(std::move(upper));
      push(std::move(lower));
      break;
    }
    case Op::subexp_begin:
      push(top());
      ++nest_;
      break;
    case Op::subexp_end: {
      Value result = pop(), input = pop();
      push(std::move(result));
      push(std::move(input));
      --nest_;
      break;
    }
    case Op::untracked_begin:
      ++nest_;
      break;
    case Op::untracked_end:
      --nest_;
      break;
    case Op::fork:
    case Op::fork_error: {
      fork(i.op == Op::fork ? Fork::Type::plain : Fork::Type::error, i.a);
      if (!affordable(forks_.size() == forks_.capacity())) return raise();
      break;
    }
    case Op::backtrack:
      return backtrack();
    case Op::jump:
      pc_ = i.a;
      return true;
    case Op::branch: {
      Value input = pop();
      const Value condition = pop();
      push(std::move(input));
      if (!condition.is_truthy()) {
        pc_ = i.a;
        return true;
      }
      break;
    }
    case Op::store:
      variable(i.a, i.b) = pop();
      break;
    case Op::store_under: {
      Value input = pop();
      variable(i.a, i.b) = pop();
      push(std::move(input));
      break;
    }
    case Op::load:
      replace(variable(i.a, i.b));
      break;
    case Op::take:
      replace(std::exchange(variable(i.a, i.b), Value()));
      break;
    case Op::load_below: {
      Value upper = pop();
      push(variable(i.a, i.b));
      push(std::move(upper));
      break;
    }
    case Op::clear:
      variable(i.a, i.b) = Value();
      break;
    case Op::new_array:
      variable(i.a, i.b) = Value::array(context_.heap);
      break;
    case Op::append: {
      Value v = pop();
      Value& array = variable(i.a, i.b);
      array.array_block().push(std::move(v));
      if (context_.grown(array).is_fault()) return raise();
      break;
    }
    case Op::call:
    case Op::tail_call:
      return call(code_.calls[i.a], i.op == Op::tail_call);
    case Op::call_param:
    case Op::tail_param:
      return call_closure(variable(i.a, i.b), i.op == Op::tail_param);
    case Op::ret:
      if (frame_ == 0) {
        halted_ = true;
        return true;
      }
      leave();
      return true;
    case Op::try_begin:
      fork(Fork::Type::try_begin, i.a);
      break;
    case Op::try_end:
      // Nothing left to try inside: the try is over.
      if (forks_.back().type == Fork::Type::try_begin && forks_.back().target == i.a) {
        drop_forks(forks_.size() - 1);
      } else {
        fork(Fork::Type::try_end, 0);
      }
      break;
    case Op::mark:
      variable(i.a, i.b) = Value::integer(static_cast<std::int64_t>(forks_.size()));
      fork(Fork::Type::mark, i.c);
      break;
    case Op::cut:
      drop_forks(static_cast<std::size_t>(variable(i.a, i.b).raw_integer()));
      break;
    case Op::alternative:
      if (!top().is_truthy()) return backtrack();
      variable(i.a, i.b) = Value::boolean(true);
      break;
    case Op::otherwise:
      if (variable(i.a, i.b).is_truthy()) return backtrack();
      break;
    case Op::each:
      return each(i.c != 0);
    case Op::range:
      return range();
    case Op::path_begin:
    case Op::path_end:
    case Op::field:
    case Op::index:
    case Op::slice:
    case Op::getpath:
      return access(i);
    case Op::set:
    case Op::modify_begin:
    case Op::modify_end:
      return modify(i);
    default:
      return compute(i);
  }
  ++pc_;
  return true;
}

}  // namespace sz::expr
