package dev.shunt.observe;

import java.util.function.Consumer;

/**
 * The filters of a node as their readers see them. Implemented by the agent; read by {@code
 * publish}. Any thread, as {@link NodeView}.
 */
public interface FiltersView {
  /** Filters, their counters and where they are attached, now. */
  FilterStatus status();

  /**
   * Delivers denials from now on.
   *
   * @param listener called on the node's own thread; must not block and not throw
   */
  Subscription watch(Consumer<DenialView> listener);

  /**
   * Which rule would decide.
   *
   * @param live whether the program is asked too
   * @throws IllegalArgumentException the place or the protocol is none that rules are asked about
   */
  PacketAnswer test(PacketQuestion question, Live live);

  /** Whether the loaded program is asked, besides the rules. */
  enum Live {
    /** The rules only. */
    NO,
    /** The program too. */
    YES
  }
}
