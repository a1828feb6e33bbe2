"""The pinyin of every character the city's names are built from.

Each character has the one reading it has in these names; a name with another reading would need another character.
"""

_READINGS = """
an 安岸氨  ba 八  bai 白  ban 办  bao 报  bei 北  beng 泵  bi 碧避  bian 变  bin 滨  bu 埠  cai 材
ce 测  cha 查茶  chang 厂场昌  chao 超  che 车  chen 晨沉  cheng 城  chu 出处  chuan 传穿船
chuang 创  chun 春  ci 慈  cui 翠  cun 村  da 大  dang 荡  dao 岛稻道  deng 灯  di 地堤第
dian 店点电  dong 东  du 度  duan 断  dui 队  er 二儿  fang 方纺防  feng 丰凤枫风  fu 府福  gai 盖
gan 感  gang 岗港  gao 高  ge 格  gong 公工  gu 古谷  guan 观馆  guang 广  gui 桂  hai 海  hao 号
he 合和河荷  heng 恒  hong 虹  hu 护湖  hua 化华花  huan 环  hui 挥晖  huo 火货  ji 急机积计
jia 嘉家  jian 建监  jiang 江降  jiao 郊  jie 杰洁街  jin 金锦  jing 井景警镜静  jiu 九救酒  jun 军
kang 康  ke 可科  kong 空  kou 口  ku 库  kun 困  lan 兰澜  lao 涝  lei 蕾雷  leng 冷  li 丽力梨立黎
liang 梁量  lin 临林  ling 岭  liu 六柳流硫  long 龙  lou 楼  lu 芦路陆鹭  luo 逻  lü 氯  ma 码
mao 贸  mei 梅  mi 密米  miao 庙  min 敏民  ming 明  mo 墨  nan 南难  ning 宁  nong 农  pai 排派
pin 品  qi 七器棋气  qian 前  qiang 抢  qiao 乔桥  qin 琴  qing 倾氢清青  qiu 秋  qu 区  quan 泉
ran 燃  ren 人仁  rui 瑞  san 三  sang 桑  sha 厦沙  shan 山  shang 上商  she 摄社  sheng 盛
shi 事十市湿石食  shu 书  shuan 栓  shui 水  si 丝四  song 松  su 苏速  sui 隧  suo 所  ta 塔
tai 泰  tan 探碳  tang 塘棠  tao 桃涛  ti 体梯  tian 田  tie 铁  ting 庭  tong 童  tou 头  wan 湾
wang 望王网  wei 位  wen 文温  wu 五务坞物  xi 溪西  xia 下霞  xiang 像向巷祥香  xiao 小晓消
xie 斜械  xin 信心新欣馨  xing 兴星杏  xiu 修绣  xue 学雪  xun 巡  ya 压雅  yan 烟燕  yang 杨氧阳
yi 一仪医怡逸  yin 银  ying 应影樱  yong 永  you 幼游  yu 与寓渔玉育雨  yuan 园援源苑院  yue 悦月
yun 云运  zao 枣  zhan 站  zhen 珍  zheng 政郑  zhi 指织质  zhong 中钟  zhou 洲  zhu 朱竹  zi 紫
zong 综
"""


PINYIN = {
    character: syllable
    for syllable, characters in zip(_READINGS.split()[::2], _READINGS.split()[1::2], strict=True)
    for character in characters
}
