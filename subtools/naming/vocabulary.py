"""Chinese surnames, titles, and words that only look like names, in Simplified characters.

Source: the surnames of the 2010 census of China and of Taiwan's 2018 list, about 99 % of
the people; the compound ones in use.
"""

from __future__ import annotations

# Nine people in ten, most frequent first.
COMMONEST_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫雷阎史龙贺陶顾毛郝龚邵"
)
COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫雷阎史龙贺陶顾毛郝龚邵"
    "万钱严覃武戴莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦左柳甘祝包宁"
    "尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳时穆农司"
    "卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁"
    "沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺"
    "楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈"
    "晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利"
)
_COMPOUND_SURNAMES = """
上官 东方 东郭 令狐 仲孙 公冶 公孙 单于 南宫 司徒 司马 呼延 夏侯 太叔 宇文 宗政 尉迟 慕容 欧阳
淳于 澹台 濮阳 独孤 申屠 百里 皇甫 端木 西门 诸葛 轩辕 钟离 长孙 闻人 鲜于
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAMES.split())
# Surnames that are far more often another word; they make no name with a character before a
# title (和曾老师 is not someone called 和曾), nor one that nobody introduced.
FUNCTION_SURNAMES = frozenset(
    "和与于向时都连来那从能应成经有全位相强平原都对同及给为被让跟到再还则而且但是可又这"
    "国公农商计文位明常来单白古花海门初利母哈支印战阿普索修隆平满官师班南云"
)
# What a surname is read as, where the character is mostly read otherwise.
# fmt: off
SURNAME_READINGS = {
    "曾": "z eng", "单": "sh an", "解": "x ie", "仇": "q iu", "区": "ou", "查": "zh a",
    "盖": "g e", "翟": "zh ai", "朴": "p iao", "乐": "ve", "任": "r en", "覃": "q in",
    "缪": "m iao", "宁": "n ing", "冼": "x ian", "纪": "j i", "华": "h ua", "葛": "g e",
    "柏": "b ai", "卜": "b u", "车": "ch e", "石": "sh ih", "贾": "j ia", "员": "vn",
    "尉": "v", "娄": "l ou", "沈": "sh en", "谌": "ch en", "洗": "x ian", "繁": "p o",
}
# fmt: on

# How people are addressed after their surname or name; longest first where one begins another.
TITLES = (
    *("董事长", "副教授", "工程师", "研究员", "秘书长", "理事长", "副总裁", "总经理", "副主任"),
    *("老师", "教授", "院士", "博士", "先生", "女士", "小姐", "同学", "主任", "院长", "所长"),
    *("校长", "处长", "局长", "部长", "市长", "县长", "行长", "社长", "台长", "馆长", "站长"),
    *("会长", "主席", "书记", "经理", "总监", "总裁", "医生", "大夫", "医师", "护士", "律师"),
    *("法官", "记者", "导演", "主编", "编辑", "老板", "师傅", "师兄", "师姐", "学长", "学姐"),
    *("导师", "董事", "讲师", "警官", "教练", "委员", "议员", "牧师", "法师", "总", "董", "工"),
    *("哥", "姐", "叔", "公"),
)
# One character that is a title only where the clause goes on as an address does.
SHORT_TITLES = frozenset({"总", "董", "工", "哥", "姐", "叔", "公"})
# 总 and 工 in words of their own: 张总体, 高总结, 王工作.
AFTER_SHORT_TITLES = (
    r"[，。、！？；：,.!?;: ]|$|您|你|先|来|怎么|呢|刚|提|说|讲|觉得|认为|有没有|有什么|要不"
    r"|请|好|谈|这边|那边|这个|可以|能不能|再|也|是|对|和|跟|给|的(?:观点|问题|看法|说法|意思|话)"
)

# Characters before a title that are no part of a name: 各位老师, 他老师, 大学老师.
NO_NAMES = frozenset(
    "的位他她它们个多些有是叫生校界家男女大小新老好名几每诸众全某这那哪一二三四五六七八九十两"
    "学教课专业级室语术育理化内外前后上下副总各请让给被和与或及到为问谢像跟对向在从由找把比用"
    "年轻国当做届见听看说讲点像您你我咱谁啥么吗呢吧啊"
)
# Words before 老师 that end like a surname.
_NO_NAMES_TWO = """
中文 主任 人文 作文 初中 前任 历史 国文 大海 天文 德文 担任 数理 日文 曾任 法文 现任 班主 舞蹈
艺文 英文 语文 音乐 高中
"""
NO_NAMES_TWO = frozenset(_NO_NAMES_TWO.split())

# Ordinary words that begin with a surname.
_ORDINARY_WORDS = """
关注 关于 关心 关键 关系 方便 方面 方法 方向 方案 高兴 高度 高管 高效 高中 高中生 高校 高手
安静 安排 安全 容许 容易 包括 包含 成为 成功 成员 明确 明天 明白 明显 常常 常见 应该 应用 应届
应届生 时间 时候 时代 和平 于是 万一 万分 马上 马路 向前 向上 连接 连续 金融 金牛 白天 白领
白羊 黄金 黄牛 石油 石头 水平 江湖 钱包 田野 温度 温暖 康复 文化 文科 文科生 文学 文章 牛人
华人 华为 国人 国内 国家 计算 计划 商业 商家 商人 农民 公司 公务员 公众 平台 平时 平常 原来
原因 相关 相信 相当 全部 全职 来自 能够 经常 经济 经理 都是 单位 单独 单身 支持 支付 解决 解释
解答 车主 车手 党员 党委 管理 管理员 通过 程序 程序员 程度 项目 路人 游客 游戏 司机 严格 严重
简单 简要 简短 乐观 乐手 乐队 利用 利益 强调 普通 普通人 索性 修改 战略 战士 练习 查看 查询
满意 满足 师傅 师范 师范生 花时间 沙发 谈谈 谈到 谈一谈 谈一下 谢谢 谢谢你 谢谢您 谢谢大家
何时 何必 何况 何人 任何 任务 任意 许多 余下 尤其 左右 古代 古典 新人 海外 海归 南方 北方 东方
西方 云计算 边缘 初学 初学者 权威 祝贺 祝福 祝大家 施工 夏天 秦朝 唐朝 宋朝 汉人 林业 周末
周围 周期 孙子 胡说 罗列 武器 孔子 孟子 易用 冷静 景观 印象 危险 隆重 章节 鲁莽 家长 段落 童年
麦克风 麻烦 麻烦你 麻烦您 敬请 封闭 屈服 温馨 闻到 车载 房东 房客 房间 柴油 管家 沈阳人 江南
江苏 江西 吉林 海南 河南 云南 广东 石家庄 邯郸 常州 温州 成都 黄山 金华 康师傅 双方 白人 黑人
明星 王子 王牌 马来 龙头 龙虎 雷达 毛病 毛利 时刻 宁可 宁愿 万科 易车 米家 阿里 平安 安卓 金山
华夏 那边 那位 那个 那我 那么 那就 那是 那些 那样 有人 有请 欧洲 欧美 区块链 区域 盖章 纪念
纪律 阳光 阳台 农业 卓越 穆斯林 丰富 丰收 支撑 宣传 宣布 容量 储备 原则 郁闷 胥吏 班长 班级
燕麦 劳动 劳工 皮肤 楼上 盘点 闻名 权利 帅哥 祖国 巴西 巴黎 国际 狄更斯 平均 计较 索引 晋级
相对 初步 门口 云端 来宾 浦东 伏特 薄弱 羊肉 母亲 修复 杭州 况且 鲜花 战争 慕名 玉米 银行 公开
哈哈 宾客 茅台 利润
"""
ORDINARY_WORDS = frozenset(_ORDINARY_WORDS.split())
# How a word ends that says what someone is, not what they are called: 我是程序员.
NO_NAME_ENDINGS = frozenset("者员人生们手友迷的了过着吗呢吧啊是有在个位里上下中名党级派控粉座族")
