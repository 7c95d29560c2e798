"""Surnames of Chinese, and what is said after one, in Simplified characters.

Source: the four hundred commonest surnames of China (the census of 2010 and Yuan Yida's list
of 2007) and the hundred of Taiwan (Ministry of the Interior, 2018); the compound ones in use.
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
    "段黎殷詹俞季翁骆解洪赖于凃粘岳欧简阮古侯钮游倪严傅涂辜童练官柳甯连占揭逄巢嵩"
    "晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎"
    "勾茅利"
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
    "于解季占官揭练粘"
    "国公农商计文位明常来单白古花海门初利母哈支印战阿普索修隆平满官师班南云"
)
# What a surname alone is followed by, whoever it is.
ADDRESSES = ("老师", "教授", "博士", "先生", "女士")
TITLES = (
    *ADDRESSES,
    *("小姐", "院士", "同学", "主任", "总", "总监", "经理", "校长", "院长", "所长", "导师"),
    *("医生", "律师", "老板"),
)
