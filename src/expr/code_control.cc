#include "expr/code_generator.h"

namespace sz::expr {

// Code for conditions, alternatives and try.

// a and b and ...: the first operand that decides ends it.
void CodeGenerator::logical(const Expr& e) {
  const bool decides = e.type == E::or_;
  const auto truth = [this](bool b) { emit(Op::constant, constant(Value::boolean(b))); };
  std::vector<std::uint32_t> done;
  for (std::size_t i = 0; i < e.kids.size(); ++i) {
    operand(*e.kids[i]);
    const std::uint32_t no = emit(Op::branch);
    if (i + 1 == e.kids.size()) {
      truth(true);
      done.push_back(emit(Op::jump));
      land(no);
      truth(false);
    } else if (decides) {
      truth(true);
      done.push_back(emit(Op::jump));
      land(no);
    } else {
      const std::uint32_t yes = emit(Op::jump);
      land(no);
      truth(false);
      done.push_back(emit(Op::jump));
      land(yes);
    }
  }
  for (const std::uint32_t jump : done) land(jump);
}

void CodeGenerator::alternative(const Expr& e, Mode mode) {
  std::vector<std::uint32_t> done;
  for (std::size_t i = 0; i + 1 < e.kids.size(); ++i) {
    const std::uint32_t found = new_variable();
    emit(Op::clear, 0, found);
    const std::uint32_t fork = emit(Op::fork);
    generate(*e.kids[i], mode.inner());
    emit(Op::alternative, 0, found);
    done.push_back(emit(Op::jump));
    land(fork);
    emit(Op::otherwise, 0, found);
  }
  generate(*e.kids.back(), mode);
  for (const std::uint32_t jump : done) land(jump);
}

void CodeGenerator::condition(const Expr& e, Mode mode) {
  operand(*e.kids[0]);
  const std::uint32_t no = emit(Op::branch);
  generate(*e.kids[1], mode);
  const std::uint32_t jump = emit(Op::jump);
  land(no);
  if (e.kids[2]) generate(*e.kids[2], mode);
  land(jump);
}

void CodeGenerator::attempt(const Expr& e, Mode mode) {
  const std::uint32_t begin = emit(Op::try_begin);
  generate(*e.kids[0], mode.inner());
  const std::uint32_t end = emit(Op::try_end);
  const std::uint32_t jump = emit(Op::jump);
  land(begin);
  code_->instructions[end].a = here();
  if (e.kids.size() > 1) {
    generate(*e.kids[1], mode);
  } else {
    emit(Op::backtrack);
  }
  land(jump);
}

}  // namespace sz::expr
