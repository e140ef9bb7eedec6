package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.filter.FragmentKind;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.desired.filter.PacketFacts.Opening;
import dev.shunt.reconcile.filter.FilterReason;
import java.util.Arrays;
import java.util.Set;

/** Reads frames as docs/filters.md says, independently of the programs. One frame each. */
final class FrameReader {
  private static final int ETHERNET = 14;
  private static final int TAG = 4;
  private static final int TAGS_MAX = 2;
  private static final int EXTENSIONS_MAX = 8;
  private static final int TRANSPORT_AT_MAX = 512;
  private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 51, 60);
  private static final int FRAGMENT_HEADER = 44;
  private static final int AUTHENTICATION = 51;

  private final byte[] frame;
  private int end;
  private IpAddress source = IpAddress.v4(0);
  private IpAddress destination = IpAddress.v4(0);
  private FragmentKind fragment = FragmentKind.WHOLE;

  private FrameReader(byte[] frame) {
    this.frame = frame;
    end = frame.length;
  }

  /** Reads an Ethernet frame. */
  static Reading read(byte[] frame) {
    return new FrameReader(frame).ethernet();
  }

  private int u8(int at) {
    return Byte.toUnsignedInt(frame[at]);
  }

  private int u16(int at) {
    return u8(at) << Byte.SIZE | u8(at + 1);
  }

  private boolean holds(int at, int bytes) {
    return at + bytes <= Math.min(end, frame.length);
  }

  private Reading ethernet() {
    int at = ETHERNET;
    int type = u16(ETHERNET - 2);
    for (int tags = 0; isTag(type); tags++) {
      if (tags == TAGS_MAX) {
        return Reading.odd(FilterReason.VLAN_TAGS);
      }
      if (!holds(at, TAG)) {
        return Reading.odd(FilterReason.TRUNCATED);
      }
      type = u16(at + 2);
      at += TAG;
    }
    return switch (type) {
      case 0x0800 -> ipv4(at);
      case 0x86dd -> ipv6(at);
      default -> Reading.NOT_IP;
    };
  }

  private static boolean isTag(int type) {
    return type == 0x8100 || type == 0x88a8;
  }

  private Reading ipv4(int at) {
    if (!holds(at, 20)) {
      return Reading.odd(FilterReason.TRUNCATED);
    }
    int header = (u8(at) & 0xf) * 4;
    int total = u16(at + 2);
    if (u8(at) >> 4 != 4 || header < 20 || (total != 0 && total < header)) {
      return Reading.odd(FilterReason.BAD_HEADER);
    }
    end = total == 0 ? frame.length : at + total;
    int pieces = u16(at + 6);
    if ((pieces & 0x1fff) != 0) {
      fragment = FragmentKind.LATER;
    } else if ((pieces & 0x2000) != 0) {
      fragment = FragmentKind.FIRST;
    }
    source = address(at + 12, 4);
    destination = address(at + 16, 4);
    if (!holds(at, header)) {
      return Reading.odd(FilterReason.TRUNCATED);
    }
    return transport(u8(at + 9), at + header);
  }

  private IpAddress address(int at, int bytes) {
    return IpAddress.of(Arrays.copyOfRange(frame, at, at + bytes));
  }

  private Reading ipv6(int start) {
    if (!holds(start, 40)) {
      return Reading.odd(FilterReason.TRUNCATED);
    }
    if (u8(start) >> 4 != 6) {
      return Reading.odd(FilterReason.BAD_HEADER);
    }
    source = address(start + 8, 16);
    destination = address(start + 24, 16);
    int payload = u16(start + 4);
    end = payload == 0 ? frame.length : start + 40 + payload;
    int next = u8(start + 6);
    int at = start + 40;
    for (int i = 0; EXTENSIONS.contains(next) && fragment != FragmentKind.LATER; i++) {
      if (i == EXTENSIONS_MAX || at > TRANSPORT_AT_MAX) {
        return Reading.odd(FilterReason.EXTENSION_HEADERS);
      }
      if (!holds(at, 8)) {
        return endsEarly();
      }
      int length = u8(at + 1);
      int own = next;
      next = u8(at);
      if (own == FRAGMENT_HEADER) {
        piece(u16(at + 2));
        at += 8;
      } else {
        at += own == AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
      }
    }
    return transport(next, at);
  }

  private void piece(int field) {
    if ((field & 0xfff8) != 0) {
      fragment = FragmentKind.LATER;
    } else {
      fragment = (field & 1) != 0 ? FragmentKind.FIRST : FragmentKind.WHOLE;
    }
  }

  private Reading endsEarly() {
    return Reading.odd(
        fragment == FragmentKind.FIRST ? FilterReason.TINY_FRAGMENT : FilterReason.TRUNCATED);
  }

  private Reading transport(int protocol, int at) {
    if (fragment == FragmentKind.LATER) {
      return facts(protocol, PacketFacts.ABSENT, PacketFacts.ABSENT, Opening.NO);
    }
    if (at > TRANSPORT_AT_MAX) {
      return Reading.odd(FilterReason.EXTENSION_HEADERS);
    }
    int header =
        switch (protocol) {
          case 6 -> 20;
          case 17, 1, 58 -> 8;
          case 132 -> 12;
          default -> 0;
        };
    if (!holds(at, header) && header > 0) {
      return endsEarly();
    }
    return switch (protocol) {
      case 6 -> tcp(at);
      case 17, 132 -> facts(protocol, u16(at), u16(at + 2), Opening.NO);
      case 1, 58 -> facts(protocol, PacketFacts.ABSENT, u16(at), Opening.NO);
      default -> facts(protocol, PacketFacts.ABSENT, PacketFacts.ABSENT, Opening.NO);
    };
  }

  private Reading tcp(int at) {
    if ((u8(at + 12) >> 4) * 4 < 20) {
      return Reading.odd(FilterReason.BAD_HEADER);
    }
    boolean syn = (u8(at + 13) & 0x02) != 0;
    boolean ack = (u8(at + 13) & 0x10) != 0;
    return facts(6, u16(at), u16(at + 2), syn && !ack ? Opening.OPENS : Opening.NO);
  }

  private Reading facts(int protocol, int sourcePort, int destinationPort, Opening opening) {
    return Reading.of(
        new PacketFacts(
            source, destination, protocol, fragment, sourcePort, destinationPort, opening));
  }
}
