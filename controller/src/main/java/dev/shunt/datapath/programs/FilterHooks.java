package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.HostLinks.HostLink;
import dev.shunt.datapath.host.HostLinks.LinkHeader;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.TcAttachment;
import dev.shunt.datapath.libbpf.XdpMode;
import dev.shunt.datapath.programs.FilterDatapath.Hook;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches the filter programs: XDP in the driver, else generic; tcx, else clsact. Links are
 * pinned; one that an earlier process left is taken over without a gap. Used by one thread, in the
 * node's network namespace.
 */
public final class FilterHooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FilterHooks.class);
  private static final String EBUSY = "EBUSY";
  private static final Pattern LINK = Pattern.compile("([a-z]+)-(\\d)-(\\d+)");

  private final Libbpf libbpf;
  private final FilterDatapath datapath;
  private final FilterPins pins;
  private final Map<FilterPoint, BpfLink> links = new HashMap<>();
  private final Map<FilterPoint, Kind> attached = new HashMap<>();

  /** For the programs of a data path, with pins in a directory. */
  public FilterHooks(Libbpf libbpf, FilterDatapath datapath, FilterPins pins) {
    this.libbpf = libbpf;
    this.datapath = datapath;
    this.pins = pins;
    for (String name : pins.links()) {
      takeOver(name);
    }
  }

  /** How a program is attached. */
  public enum Kind {
    /** XDP in the driver. */
    NATIVE,
    /** XDP before the network stack. */
    GENERIC,
    /** tc through a link. */
    TCX,
    /** tc through a filter of clsact. */
    CLSACT,
    /** Not at all. */
    NONE
  }

  /**
   * Result of attaching.
   *
   * @param kind how
   * @param condition empty when it worked
   */
  public record Attached(Kind kind, String condition) {}

  private void takeOver(String name) {
    Matcher parts = LINK.matcher(name);
    Optional<BpfLink> link = libbpf.openLink(pins.link(name));
    if (!parts.matches() || link.isEmpty()) {
      pins.unpinLink(name);
      return;
    }
    FilterPoint point =
        new FilterPoint(Integer.parseInt(parts.group(3)), Integer.parseInt(parts.group(2)));
    links.put(point, link.get());
    attached.put(point, Kind.valueOf(parts.group(1).toUpperCase(java.util.Locale.ROOT)));
  }

  private static String name(FilterPoint point, Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT)
        + "-"
        + point.hook()
        + "-"
        + point.ifindex();
  }

  /** Attached points, those of an earlier process included. */
  public List<FilterPoint> points() {
    return List.copyOf(attached.keySet());
  }

  /** Attaches this build's program, or finds it attached. */
  public Attached attach(FilterPoint point, HostLink device) {
    BpfProgram program = datapath.program(hook(point, device.header()));
    BpfLink held = links.get(point);
    if (held != null) {
      Optional<Attached> kept = keep(point, held, program);
      if (kept.isPresent()) {
        return kept.get();
      }
      forget(point);
    }
    try {
      return point.hook() == FilterPoint.XDP
          ? attachXdp(point, device, program)
          : attachTc(point, program);
    } catch (BpfException failed) {
      LOG.warn("{}: {} is not filtered here", failed.getMessage(), device.name());
      String condition = failed.errnoName().equals(EBUSY) ? "busy: " : "failed: ";
      return new Attached(Kind.NONE, condition + failed.getMessage());
    }
  }

  private Optional<Attached> keep(FilterPoint point, BpfLink held, BpfProgram program) {
    try {
      if (!held.isAttached()) {
        return Optional.empty();
      }
      if (held.programId() != program.id()) {
        held.update(program);
      }
      return Optional.of(new Attached(attached.getOrDefault(point, Kind.NONE), ""));
    } catch (BpfException stale) {
      LOG.info("{}; attaching anew", stale.getMessage());
      return Optional.empty();
    }
  }

  private static Hook hook(FilterPoint point, LinkHeader header) {
    boolean bare = header == LinkHeader.NONE;
    return switch (point.hook()) {
      case FilterPoint.XDP -> Hook.XDP;
      case FilterPoint.TC_INGRESS -> bare ? Hook.INGRESS_BARE : Hook.INGRESS;
      default -> bare ? Hook.EGRESS_BARE : Hook.EGRESS;
    };
  }

  private Attached attachXdp(FilterPoint point, HostLink device, BpfProgram program) {
    if (device.header() == LinkHeader.NONE) {
      return new Attached(Kind.NONE, "failed: frames without an Ethernet header (use hook tc)");
    }
    try {
      return keep(point, program.attachXdp(point.ifindex(), XdpMode.NATIVE), Kind.NATIVE);
    } catch (BpfException refused) {
      if (refused.errnoName().equals(EBUSY)) {
        throw refused;
      }
      LOG.info("{}; trying generic XDP", refused.getMessage());
      return keep(point, program.attachXdp(point.ifindex(), XdpMode.GENERIC), Kind.GENERIC);
    }
  }

  private Attached attachTc(FilterPoint point, BpfProgram program) {
    TcAttachment attachment = program.attachTc(point.ifindex(), spot(point));
    if (attachment.link().isPresent()) {
      return keep(point, attachment.link().get(), Kind.TCX);
    }
    attached.put(point, Kind.CLSACT);
    return new Attached(Kind.CLSACT, "");
  }

  private static TcAttachment.Spot spot(FilterPoint point) {
    return point.hook() == FilterPoint.TC_EGRESS
        ? TcAttachment.Spot.FILTER_EGRESS
        : TcAttachment.Spot.FILTER_INGRESS;
  }

  private Attached keep(FilterPoint point, BpfLink link, Kind kind) {
    String name = name(point, kind);
    pins.unpinLink(name);
    try {
      link.pin(pins.link(name));
    } catch (BpfException failed) {
      link.close();
      throw failed;
    }
    links.put(point, link);
    attached.put(point, kind);
    return new Attached(kind, "");
  }

  /** Detaches; an interface that is gone has nothing attached. */
  public void detach(FilterPoint point) {
    BpfLink link = links.get(point);
    if (link != null) {
      try {
        link.detach();
      } catch (BpfException gone) {
        LOG.debug("link was gone already: {}", gone.getMessage());
      }
    } else if (point.hook() != FilterPoint.XDP) {
      TcAttachment.removeLeftOver(libbpf, point.ifindex(), spot(point));
    }
    forget(point);
  }

  private void forget(FilterPoint point) {
    Kind kind = attached.remove(point);
    BpfLink link = links.remove(point);
    if (kind != null) {
      pins.unpinLink(name(point, kind));
    }
    if (link != null) {
      link.close();
    }
  }

  /** Closes descriptors; what is attached stays. */
  @Override
  public void close() {
    links.values().forEach(BpfLink::close);
    links.clear();
  }
}
