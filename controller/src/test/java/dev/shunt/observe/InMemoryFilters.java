package dev.shunt.observe;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A {@link FiltersView} without a kernel: a hand-written fixture. */
public final class InMemoryFilters implements FiltersView {
  private final List<Consumer<DenialView>> listeners = new CopyOnWriteArrayList<>();
  private volatile FilterStatus status = FilterStatus.NONE;
  private volatile PacketAnswer answer =
      new PacketAnswer(FilterStatus.Action.ALLOW, "", "", List.of(), Optional.empty());

  public void setStatus(FilterStatus status) {
    this.status = status;
  }

  public void setAnswer(PacketAnswer answer) {
    this.answer = answer;
  }

  public void deny(DenialView denial) {
    listeners.forEach(listener -> listener.accept(denial));
  }

  public int listenerCount() {
    return listeners.size();
  }

  @Override
  public FilterStatus status() {
    return status;
  }

  @Override
  public Subscription watch(Consumer<DenialView> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public PacketAnswer test(PacketQuestion question, Live live) {
    if (!question.at().equals("connect")) {
      throw new IllegalArgumentException("at: " + question.at() + " (expected: connect)");
    }
    return answer;
  }
}
