"""Expressions that libpcap and rawkit read alike, expressions that both refuse, and where the two differ.

Both lists were made up from pcap-filter(7): every word, operator and name in it, in every place where it may stand.
"""

from __future__ import annotations

MATCHED = r"""
ip
ip6
arp
rarp
tcp
udp
sctp
icmp
icmp6
igmp
pim
ah
esp
vrrp
carp
igrp
decnet
lat
sca
moprc
mopdl
atalk
aarp
ipx
iso
stp
netbeui
clnp
esis
isis
l1
l2
iih
lsp
snp
csnp
psnp
iso proto 5
isis proto 18
iso proto \clnp
llc
llc i
llc s
llc u
llc rr
llc rnr
llc rej
llc ui
llc ua
llc disc
llc sabme
llc test
llc xid
llc frmr
host 10.0.0.1
host 127.0.0.1
src 127.0.0.1
dst 10.0.0.2
src host 10.9.0.1
net 10
net 10.0.0.0/8
net 192.168.0.0/16
src net 10.0
dst net 192.168
net 10.0.0.0 mask 255.0.0.0
net 0.0.0.0/0
net ::/0
host ::1
src host ::1
net fe80::/10
dst net ff02::/16
ip6 host fe80::1
ip host 10.0.0.1
arp host 10.0.0.1
arp src 10.0.0.1
rarp dst host 1.2.3.4
host 10.1
host 80
host 0x0a000001
src or dst host 10.0.0.1
src and dst host 127.0.0.1
dst and src net 127
ether host ff:ff:ff:ff:ff:ff
ether dst ff:ff:ff:ff:ff:ff
ether src 02:00:00:00:00:01
ether src or dst 02:00:00:00:00:02
ether src and dst 00:00:00:00:00:00
ether multicast
multicast
ip multicast
ip6 multicast
ether broadcast
broadcast
port 80
tcp port 80
udp port 53
sctp port 80
src port 53
dst port 443
tcp src port 80
tcp dst port 443
src and dst port 5353
portrange 1-1024
tcp portrange 1024-65535
src portrange 50-60
udp dst portrange 0-100
portrange 80
portrange 1024-1
port http
port domain
udp port domain
port ssh
tcp port ftp-data
portrange ftp-ssh
portrange ftp-http
portrange http-https
port bootps
port ntp
port snmp
tcp port 80 or 443
tcp dst port (80 or 443 or 22)
port 80 and not 443
not port 53
not tcp
not (tcp or udp)
tcp or udp and ip6
ip and tcp or arp and not ip6
tcp and not port 80 or udp
not not tcp
! ( tcp || udp ) && ip
proto 6
proto 17
proto \tcp
ip proto 6
ip proto \udp
ip6 proto 58
ip6 proto \ipv6-icmp
ip proto (6 or 17)
ip proto gre
ip6 proto 44
ip proto 41
ether proto 0x800
ether proto \ip6
ether proto \arp
ether proto 5
ether proto 0x42
ether proto 1500
ether proto 1501
ether proto 0xaa
ether proto \ipx
ether proto \stp
ether proto loopback
ether proto (0x800 or 0x86dd)
protochain 6
ip6 protochain 6
ip6 protochain 58
ip6 protochain 44
ip6 protochain 60
ip protochain 6
ip protochain 17
protochain 50
protochain \tcp
vlan
vlan 5
vlan 10
vlan 100
vlan and tcp
vlan and ip
vlan 10 and vlan 20
vlan and vlan
vlan and vlan and ip
vlan or tcp
not vlan
not vlan and tcp
vlan and host 10.0.0.1
vlan and ether multicast
vlan and not tcp port 80
mpls
mpls 5
mpls 16
mpls and ip
mpls and ip6
mpls and mpls
mpls and mpls and tcp
mpls and tcp port 80
mpls and host 10.0.0.1
vlan and mpls
pppoed
pppoes
pppoes 1
pppoes 0x27
pppoes and ip
pppoes and ip6
pppoes and tcp
pppoes and tcp port 80
pppoes and host 10.0.0.1
pppoes and icmp
pppoes and iso
pppoes and ether proto 0xc021
pppoes and mpls
pppoes and ether[0] = 0xc0
geneve
geneve 5
geneve and ip
geneve and tcp
geneve and tcp port 80
geneve and ether host 02:00:00:00:00:01
geneve and ether multicast
geneve and icmp
geneve and arp
geneve and host 10.0.0.1
geneve and vlan
geneve and ether[12:2] = 0x800
len > 100
len = 60
len <= 64
len != 42
less 64
greater 100
less 0x40
1 = 1
5 > 3
0xffffffff > 0
0 - 1 > 5
-1 > 5
ether[0] & 1 != 0
ether[12:2] = 0x800
ether[6:4] = 0
link[0] = 2
ip[0] & 0xf != 5
ip[0] = 0x45
ip[6:2] & 0x1fff = 0
ip[2:2] > 576
ip[8] < 64
ip[8] >= 64
ip[12:4] = ip[16:4]
ip[9] = 6
ip[16] >= 224
ip6[6] = 58
ip6[40] = 128
ip6[8:4] = 0xfe800000
tcp[13] & 2 != 0
tcp[tcpflags] & tcp-syn != 0
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] = tcp-ack
tcp[tcpflags] & (tcp-rst|tcp-ack) == (tcp-rst|tcp-ack)
tcp[tcpflags] == tcp-syn|tcp-ack
tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)
tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420
tcp[0:2] = tcp[2:2]
tcp[4:4] > 1000000000
udp[4:2] > 100
udp[0:2] = udp[2:2]
udp[8:2] & 0x8000 = 0
icmp[icmptype] = icmp-echo
icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply
icmp[0] = icmp-unreach and icmp[icmpcode] = 4
icmp6[icmp6type] = icmp6-neighborsolicit
icmp6[0] = 128 or icmp6[0] = 129
igmp[0] = 0x16
arp[6:2] = 1
arp[7] = 2
rarp[0] = 1
atalk[0] = 1
decnet[3] = 4
lat[0] = 1
sca[0]=1
moprc[0]=1
mopdl[0]=1
sctp[0:2] = 80
pim[0] = 0x20
vrrp[0] = 0x31
carp[0] = 0x21
igrp[0] = 1
ip[ip[0]&0xf] = 0
ip[1+1:2] * 2 > 100
ip[2:2] / 2 > 100
ip[2:2] % 7 = 3
ip[2:2] / ip[1] > 1
ip[2:2] % ip[8] = 0
ip[0] << 2 = 276
ip[0] >> 4 = 4
ip[0] ^ 0x45 = 0
ip[0] | 0xf0 = 0xf5
ip[4:2] ^ ip[2:2] > 1000
ip[2:2] - 20 > ip[8] + ip[9]
ip[2:2] << ip[0] = 0
ip[2:2] >> (ip[0] & 3) = 0
5 < ip[8]
ip[8] + 1 = 65
- ip[8] = 0xffffffc0
len - ip[2:2] = 14
len - 14 = ip[2:2]
len > ip[2:2] + 14
ip[-1] = 0
ether[1000] = 0 or tcp
not ether[200] = 1
tcp or ether[200] = 1
ether[200] = 1 or tcp
ether[0xffffffff] = 1
tcp[100] = 5 or udp
not tcp[100] = 5
1 + 2 * 3 = 7
2 | 1 & 1 = 3
8 >> 1 + 1 = 2
100 / 10 / 2 = 5
7 & 3 = 3
icmp[icmptype] = 8 or icmp6[icmp6type] = 128
tcp and (ip[2:2] > 100 or ip6[4:2] > 100)
host 10.0.0.1 and (port 80 or port 443)
host 10.0.0.1 and host 10.0.0.2
host 10.0.0.1 or 10.0.0.2
host 10.0.0.1 and not 10.0.0.2
ip host 10.0.0.1 and not 10.0.0.2
src host 10.0.0.1 and dst port 80
tcp port 80 or (443 or 8080)
tcp port 80 or not 443
not port 80 or 443
host (10.0.0.1 or ::1)
port (80)
tcp port 80 or (5)
tcp port 80 or (5)=5
vlan 0
vlan (5)
ip and ip6
arp or rarp
ether proto \arp and ether dst ff:ff:ff:ff:ff:ff
ether host aa-bb-cc-dd-ee-ff
ether host aabb.ccdd.eeff
ether host aabbccddeeff
ether host a:b:c:d:e:f
fddi host aa:bb:cc:dd:ee:ff
wlan host aa:bb:cc:dd:ee:ff
tr dst aa:bb:cc:dd:ee:ff
link src aa:bb:cc:dd:ee:ff
length > 100
tcp && udp || icmp
""".strip("\n").splitlines()
"""A packet matches one of these here where it does in libpcap."""

REFUSED = r"""
foo
tcp or 80
(port 80) or 443
1.2.3.4
(1.2.3.4)
80
::1
02:00:00:00:00:01
host
port
net
portrange
proto
src
dst
src dst
src host
src and 1.2.3.4
src or dst
src src port 5
ip host
tcp port
tcp dst
tcp 80
tcp udp
udp 53
ip 10.0.0.1
ip6 ::1
arp 10.0.0.1
ether 02:00:00:00:00:01
ip proto tcp
ip proto udp
ether proto ip
proto tcp
proto http
ip proto \icmp6
ether proto foo
ether proto \vlan
arp proto 6
tcp proto 6
src proto 6
ether protochain 6
net 10/8
net 10.0.0.1/8
net 10.1.1 mask 255.255.0.0
net 1.2.3.4/33
net 1.2.3.4/
net ::/
net /8
net fe80::/129
net fe80::1/64
net 300.1
ip6 net 10.0.0.0/8
tcp net 10
ether net 10
host 10.0.0.0/8
host fe80::/10
host 300.1.1.1
host 0x1.2
host foo.invalid
tcp host 1.2.3.4
icmp6 host ::1
ip host ::1
ip6 host 1.2.3.4
host 02:00:00:00:00:01
ether host 1.2.3.4
ether host foo
ether host 1:2:3:4:5
port 70000
port -1
port 1.5
port ::1
port 80:81
port 1-5
port 08
port foo
portrange 5-
portrange ::1-::2
arp port 5
ip port 80
ether port 80
icmp port 80
tcp port tftp
udp port http
port \tcp
tcp port 80 and (tcp or 443)
(
)
()
(tcp
tcp)
((tcp)
not
and
or
and tcp
tcp and
tcp and and udp
tcp or or udp
tcp!
tcp & udp
tcp | udp
tcp # x
tcp;
'tcp'
TCP
tcp.port == 80
$12
arp $12
len
len-5=3
len[0]=1
len len=1
ip[0]
ip[0:2]
ip[0]<>5
ip[0]=<5
ip[0]=>5
ip[0]=1=2
ip[0:3]=1
ip[0:8]=1
ip[0:]=1
ip[]=1
ip[0=1
ip 0]=1
tcp[
~1=5
0x=0
4294967296=0
99999999999=1
1<<33=1
5/0=1
5%0=1
ah[0]=1
esp[0]=1
iso[0]=1
stp[0]=1
radio[0]=1
ether
link
radio
ip broadcast
ip6 broadcast
tcp multicast
tcp broadcast
gateway foo
gateway 1.2.3.4
less
greater
less -5
less len
less 5 or 6
vlan 4096
vlan -1
vlan vlan
vlan 5 6
mpls 1048576
pppoes 65536
geneve 16777216
mpls and arp
mpls and vlan
mpls and rarp host 10.0.0.1
pppoes and vlan
llc foo
on eth0
ifname eth0
rulenum 1
reason match
rset foo
action pass
type mgt
subtype beacon
dir tods
wlan addr1 02:00:00:00:00:01
lane
vpi 3
vci 3
oam
metac
ifindex
inbound outbound
5
5 =
= 5
""".strip("\n").splitlines()
"""None of these is an expression, here or there."""

DIFFERENCES = {
    "1 | 2 ^ 3 = 0": "^ and % rank as in C; libpcap gave them no rank, and takes whatever follows to their right",
    "5 + arp[1] = 5": "the header of an operand on the right has to be there, too; libpcap asks for the left one only",
    "byte 0 = 5": "only libpcap's grammar has it, not its manual page; write link[0] = 5",
    "port gdomap": "names of ports are from a table of ours",
    "tcp and udp": "what no packet can match is a filter all the same; libpcap's optimizer calls it an error",
    "decnet host 10.1": "DECnet's addresses are not read",
    "17 >> 12 - 29 = 0": "a shift by more than 31 is refused, also where it comes of a calculation",
    "host localhost": "no name of a host is looked up unless asked",
    "mpls and llc": "behind MPLS labels only IP is looked for",
    "inbound": "frames of a file do not say it; libpcap compiles it for a capture that never runs",
}
"""Where rawkit and libpcap differ, and why. Beside these: of a packet that was cut, libpcap's optimized program may
read less than its plain one does, and so may decide otherwise; rawkit agrees with one of the two.
"""
