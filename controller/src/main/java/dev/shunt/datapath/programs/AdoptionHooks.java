package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcAttachment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adoption program on the ingress of every interface of every watched namespace. Used by one
 * thread at a time.
 */
final class AdoptionHooks {
  private static final Logger LOG = LoggerFactory.getLogger(AdoptionHooks.class);
  private static final String PREFIX = "adopt-";

  private final BpfProgram program;
  private final PinnedLinks links;
  private final Map<Long, Hooked> namespaces = new LinkedHashMap<>();

  AdoptionHooks(BpfProgram program, PinnedLinks links) {
    this.program = program;
    this.links = links;
  }

  /** What is attached in a namespace. */
  private static final class Hooked {
    final String name;
    final Map<String, String> linkOfInterface = new TreeMap<>();
    final Map<String, TcAttachment> filters = new TreeMap<>();
    final Map<String, String> errors = new TreeMap<>();

    Hooked(String name) {
      this.name = name;
    }
  }

  /**
   * The adoption hooks of a namespace.
   *
   * @param interfaces that carry the program
   * @param error of those that do not; empty when all do
   */
  record State(List<String> interfaces, String error) {}

  /**
   * Attaches where the program is missing, while the budget lasts, and forgets interfaces that are
   * gone.
   */
  State sync(NetworkNamespace namespace, Map<String, Integer> interfaces, HookBudget budget) {
    Hooked hooked =
        namespaces.computeIfAbsent(namespace.cookie(), key -> new Hooked(namespace.name()));
    Set<String> wanted = new HashSet<>();
    interfaces.forEach(
        (device, ifindex) -> {
          String link = PREFIX + namespace.cookie() + "-" + ifindex;
          wanted.add(link);
          if (!isHooked(hooked, device, link) && budget.isLeft()) {
            budget.spend(() -> attach(namespace, hooked, device, ifindex));
          }
        });
    for (Map.Entry<String, String> entry : List.copyOf(hooked.linkOfInterface.entrySet())) {
      if (!wanted.contains(entry.getValue())) {
        hooked.linkOfInterface.remove(entry.getKey(), entry.getValue());
        links.detach(entry.getValue());
      }
    }
    hooked.errors.keySet().retainAll(interfaces.keySet());
    return state(namespace.cookie());
  }

  /* Another process may have detached what is held here. */
  private boolean isHooked(Hooked hooked, String device, String link) {
    return link.equals(hooked.linkOfInterface.get(device))
        && (hooked.filters.containsKey(device) || links.isAttached(link));
  }

  private void attach(NetworkNamespace namespace, Hooked hooked, String device, int ifindex) {
    String name = PREFIX + namespace.cookie() + "-" + ifindex;
    try {
      Netns.call(
          namespace.fd(),
          () -> {
            links.attach(name, program, () -> attachHere(hooked, device, ifindex));
            return name;
          });
      hooked.linkOfInterface.put(device, name);
      hooked.errors.remove(device);
    } catch (FilterAttached clsact) {
      hooked.linkOfInterface.put(device, name);
      hooked.errors.remove(device);
    } catch (BpfException failed) {
      hooked.errors.put(device, device + ": " + failed.getMessage());
      LOG.warn("{}: connections through {} stay on TCP (no hook)", failed.getMessage(), device);
    }
  }

  /* A clsact filter has no link: the kernel keeps it until it is removed. */
  private BpfLink attachHere(Hooked hooked, String device, int ifindex) {
    TcAttachment attachment = program.attachTcIngress(ifindex);
    return attachment
        .link()
        .orElseThrow(
            () -> {
              hooked.filters.put(device, attachment);
              return new FilterAttached();
            });
  }

  /** Says that there is no link to pin. */
  private static final class FilterAttached extends RuntimeException {
    private static final long serialVersionUID = 1;

    FilterAttached() {
      super("clsact", null, false, false);
    }
  }

  /** Forgets a namespace that is gone or no longer watched. */
  void remove(NetworkNamespace namespace) {
    Hooked hooked = namespaces.remove(namespace.cookie());
    if (hooked != null) {
      hooked.linkOfInterface.values().forEach(links::detach);
      detachFilters(namespace, hooked);
    }
  }

  private static void detachFilters(NetworkNamespace namespace, Hooked hooked) {
    Netns.call(
        namespace.fd(),
        () -> {
          for (TcAttachment filter : hooked.filters.values()) {
            try {
              filter.detach();
            } catch (BpfException gone) {
              LOG.debug("filter was gone already: {}", gone.getMessage());
            }
          }
          return hooked;
        });
  }

  State state(long cookie) {
    Hooked hooked = namespaces.get(cookie);
    return hooked == null
        ? new State(List.of(), "")
        : new State(
            List.copyOf(hooked.linkOfInterface.keySet()),
            String.join("; ", hooked.errors.values()));
  }

  /** One line per interface, for status. */
  List<String> describe() {
    List<String> hooks = new ArrayList<>();
    for (Hooked hooked : namespaces.values()) {
      for (String device : hooked.linkOfInterface.keySet()) {
        String kind = hooked.filters.containsKey(device) ? "clsact" : "tcx";
        hooks.add(kind + "/ingress " + hooked.name + ":" + device);
      }
    }
    return hooks;
  }

  /** Whether a link's name is that of an adoption hook. */
  static boolean isHook(String link) {
    return link.startsWith(PREFIX);
  }

  /** Whether a link's name is that of an adoption hook in one of these namespaces. */
  static boolean isHookOf(String link, Set<Long> cookies) {
    return cookies.stream().anyMatch(cookie -> link.startsWith(PREFIX + cookie + "-"));
  }
}
