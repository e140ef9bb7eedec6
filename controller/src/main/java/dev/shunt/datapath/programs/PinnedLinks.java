package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links under names in the pin directory. Attaching under a name that an earlier process left
 * replaces the program behind that link; nothing runs without a program in between. Used by one
 * thread at a time.
 */
final class PinnedLinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedLinks.class);

  private final Libbpf libbpf;
  private final PinDirectory pins;
  private final Map<String, BpfLink> links = new LinkedHashMap<>();
  private final Set<String> madeHere = new LinkedHashSet<>();

  PinnedLinks(Libbpf libbpf, PinDirectory pins) {
    this.libbpf = libbpf;
    this.pins = pins;
  }

  /** Attaches, or takes over the link of that name with the new program. */
  void attach(String name, BpfProgram program, Supplier<BpfLink> attach) {
    BpfLink found = libbpf.openLink(pins.link(name)).orElse(null);
    if (found != null) {
      try {
        found.update(program);
        links.put(name, found);
        return;
      } catch (BpfException stale) {
        LOG.info("pinned link {} cannot be updated ({}); attaching anew", name, stale.getMessage());
        found.close();
        pins.unpinLink(name);
      }
    }
    keep(name, attach.get());
  }

  /**
   * Attaches at a hook whose links take no other program (tracepoints: EINVAL). One that an earlier
   * process left is detached after that, so that nothing is missed in between.
   */
  void attachAnew(String name, Supplier<BpfLink> attach) {
    BpfLink made = attach.get();
    pins.unpinLink(name);
    keep(name, made);
  }

  private void keep(String name, BpfLink made) {
    try {
      made.pin(pins.link(name));
    } catch (BpfException failed) {
      made.close();
      throw failed;
    }
    links.put(name, made);
    madeHere.add(name);
  }

  boolean has(String name) {
    return links.containsKey(name);
  }

  /** Whether a link of that name is held and its program can still run. */
  boolean isAttached(String name) {
    BpfLink link = links.get(name);
    return link != null && link.isAttached();
  }

  /** Detaches and unpins; a link whose hook is gone is gone with it. */
  void detach(String name) {
    BpfLink link = links.remove(name);
    madeHere.remove(name);
    if (link == null) {
      link = libbpf.openLink(pins.link(name)).orElse(null);
    }
    pins.unpinLink(name);
    if (link != null) {
      try {
        link.detach();
      } catch (BpfException gone) {
        LOG.debug("link {} was gone already: {}", name, gone.getMessage());
      }
      link.close();
    }
  }

  /** Detaches pins of earlier processes that this one has not taken over. */
  void detachOthers(Set<String> keep) {
    for (String name : pins.linkNames()) {
      if (!links.containsKey(name) && !keep.contains(name)) {
        LOG.info("detaching {} of an earlier node: no longer wanted", name);
        detach(name);
      }
    }
  }

  /** Undoes what this process attached; links taken over from an earlier one stay. */
  void undo() {
    for (String name : Set.copyOf(madeHere)) {
      detach(name);
    }
  }

  /** Detaches everything, the hooks of new connections first. */
  void detachAll() {
    for (String name : pins.linkNames()) {
      detach(name);
    }
  }

  /** Closes descriptors; pins keep the links alive. */
  @Override
  public void close() {
    links.values().forEach(BpfLink::close);
    links.clear();
  }
}
